"""The committed pictures are the ones the code makes."""

from __future__ import annotations

import runpy
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
images = runpy.run_path(str(ROOT / "tools" / "images.py"))


def test_the_committed_images_are_current() -> None:
    assert images["problems"](ROOT / "images") == []


def test_the_check_finds_what_is_old_missing_and_nobodys(tmp_path: Path) -> None:
    folder = tmp_path / "images"
    shutil.copytree(ROOT / "images", folder)
    (folder / "parts.ja.dot").write_text("digraph {}", "utf-8")
    (folder / "parts.ja.svg").unlink()
    (folder / "old.png").touch()
    assert images["problems"](folder) == [
        "parts.ja.dot is not current.",
        "parts.ja.svg is missing.",
        "old.png is made by nothing.",
    ]
