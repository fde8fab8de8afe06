"""``python -m ecslab``: the same as the `ecslab` command."""

import sys

from ecslab.cli import main

if __name__ == "__main__":
    sys.exit(main())
