# -*- coding: utf-8 -*-
"""``python3 start.py``: from a fresh clone to the first notebook, with Python alone.

Makes the environment in ``.venv``, starts the sandbox and opens JupyterLab. ``python3 start.py
test`` runs the tests, ``python3 start.py check`` the checks of style and types. The work is done
in ``tools/set_up``; this file is written so that an old Python can read it and say that it is old.
"""

from __future__ import unicode_literals

import os
import sys

TOO_OLD = (
    "start.py には Python 3.10 以上が必要です（これは %s）。 https://www.python.org/ などから"
    "新しい Python を入れて、もう一度実行してください。\n"
    "start.py needs Python 3.10 or newer (this is %s). Install a newer Python, for example from "
    "https://www.python.org/, and run it again.\n"
)

if __name__ == "__main__":
    if sys.version_info < (3, 10):
        version = "%d.%d" % sys.version_info[:2]
        text = (TOO_OLD % (version, version)).encode("utf-8")
        getattr(sys.stderr, "buffer", sys.stderr).write(text)
        sys.exit(1)

    root = os.path.dirname(os.path.abspath(__file__))
    sys.path.insert(0, root)
    from tools.set_up.main import main

    sys.exit(main(sys.argv[1:], root))
