"""The tables of the READMEs: ``python tools/readme.py`` writes them, ``--check`` says if old.

What stands between ``<!-- notebooks: … -->`` and ``<!-- end -->`` is made from the notebooks: the
number, the title and the minutes of each.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tools.notebooks.files import names, path_of, read  # noqa: E402  found by the line above

READMES = {"en": "README.md", "ja": "README.ja.md"}
HEADS = {"en": ("Notebook", "About", "Minutes"), "ja": ("ノートブック", "内容", "分")}
REGION = re.compile(r"(<!-- notebooks:[^>]*-->\n).*?(<!-- end -->)", re.DOTALL)


def table(root: Path, lang: str) -> str:
    """A line for each notebook, in Markdown."""
    rows = [HEADS[lang], ("---", "---", "--:")]
    for name in names(root / "notebooks", lang):
        head = read(path_of(root / "notebooks", lang, name)).cells[0].source
        title, _, rest = head.partition("\n")
        minutes = re.search(r"\d+", rest)
        path = path_of(Path("notebooks"), lang, name).as_posix()
        rows.append((f"[{name}]({path})", title.lstrip("# "), minutes.group() if minutes else ""))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def written(root: Path, lang: str) -> str:
    """The README as it is to be. Raises ValueError where its region is missing."""
    text = (root / READMES[lang]).read_text("utf-8")
    made, count = REGION.subn(lambda found: f"{found[1]}\n{table(root, lang)}\n{found[2]}", text)
    if count != 1:
        raise ValueError(f"{READMES[lang]} has {count} regions for the notebooks, not one")
    return made


def main() -> int:
    """0 if both are made or current."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing, say what is old")
    check = parser.parse_args().check
    old = [
        lang for lang in READMES if (ROOT / READMES[lang]).read_text("utf-8") != written(ROOT, lang)
    ]
    for lang in old:
        if check:
            print(f"{READMES[lang]} is not current. Run: python tools/readme.py", file=sys.stderr)
        else:
            (ROOT / READMES[lang]).write_text(written(ROOT, lang), "utf-8", newline="\n")
    return int(check and bool(old))


if __name__ == "__main__":
    raise SystemExit(main())
