"""``python tools/notebooks check | sync | stamp | tidy | unpack | pack``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tools import notebooks
from tools.notebooks import commands

FOLDER = Path(__file__).parents[2] / "notebooks"


def main() -> int:
    """0 if it could be done and nothing is wrong."""
    parser = argparse.ArgumentParser(
        prog="python tools/notebooks",
        description=notebooks.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    offered = parser.add_subparsers(dest="command", required=True)
    offered.add_parser("check", help="say what is wrong")
    offered.add_parser("tidy", help="remove outputs, counts and what an editor left")
    offered.add_parser("sync", help="bring the English cells to the Japanese ones").add_argument(
        "name"
    )
    stamping = offered.add_parser("stamp", help="say that the translation is current")
    stamping.add_argument("name")
    stamping.add_argument("cells", nargs="*", metavar="CELL")
    unpacking = offered.add_parser("unpack", help="write both languages into one text file")
    unpacking.add_argument("name")
    packing = offered.add_parser("pack", help="write both notebooks of a text file")
    packing.add_argument("text", type=Path)
    return _do(parser.parse_args())


def _do(given: argparse.Namespace) -> int:
    if given.command == "check":
        found = list(commands.problems(FOLDER))
        for sentence in found:
            print(f"notebooks/{sentence}", file=sys.stderr)
        return int(bool(found))
    if given.command == "tidy":
        commands.tidy(FOLDER)
    elif given.command == "sync":
        commands.sync(FOLDER, given.name)
    elif given.command == "stamp":
        commands.stamp_cells(FOLDER, given.name, given.cells)
    elif given.command == "unpack":
        commands.unpack(FOLDER, given.name, Path(f"{given.name}.txt"))
    else:
        commands.pack(FOLDER, given.text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
