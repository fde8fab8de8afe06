"""Environment variables in the words of a shell."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping

SHELLS = ("bash", "fish", "powershell")


def lines(shell: str, variables: Mapping[str, str]) -> Iterator[str]:
    """The commands that set `variables` in `shell` ("bash" serves sh and zsh as well)."""
    for name, value in variables.items():
        if shell == "fish":
            yield f"set -gx {name} {shlex.quote(value)};"
        elif shell == "powershell":
            quoted = value.replace("'", "''")
            yield f"$Env:{name} = '{quoted}'"
        else:
            yield f"export {name}={shlex.quote(value)}"
