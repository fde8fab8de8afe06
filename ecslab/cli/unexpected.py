"""What nobody thought of: a sentence for the learner, the traceback for a file."""

from __future__ import annotations

import time
import traceback

from ecslab.locale import Text, translator
from ecslab.model.masking import masked
from ecslab.sandbox import places

_ = translator("cli")


def explain(error: Exception) -> Text:
    """Write the traceback to the kit's error log and say in one sentence where it is."""
    what = masked(f"{type(error).__name__}: {error}".splitlines()[0])
    path = places.home() / "errors.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with places.own_file(path, "a", encoding="utf-8") as file:
            file.write(f"--- {time.strftime('%Y-%m-%d %H:%M:%S')}\n")
            file.write(masked("".join(traceback.format_exception(error))))
    except OSError:
        return _("Something unexpected happened: {what}", what=what)
    return _("Something unexpected happened: {what} Details are in {path}.", what=what, path=path)
