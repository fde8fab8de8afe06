"""docs/conversion*.md: ``python tools/conversion.py`` writes them, ``--check`` says if old.

They are made from the table in `ecslab.convert.table`, in both languages.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from ecslab.convert.reference import page  # noqa: E402  found by the line above

FILES = {"en": "docs/conversion.md", "ja": "docs/conversion.ja.md"}


def main(arguments: list[str] | None = None) -> int:
    """Write, or check; 1 where a file is not current."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, say what is old")
    given = parser.parse_args(arguments)
    old = []
    for lang, name in FILES.items():
        path, text = ROOT / name, page(lang)
        if not given.check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        elif not path.is_file() or path.read_text("utf-8") != text:
            old.append(f"{name} is not current. Run: python tools/conversion.py")
    print("\n".join(old), end="\n" if old else "", file=sys.stderr)
    return int(bool(old))


if __name__ == "__main__":
    raise SystemExit(main())
