"""The pictures in images/: ``python tools/images.py`` makes them, ``--check`` says if they are old.

Checked is text (DOT, SVG), never pixels: Graphviz and browsers differ from machine to machine, so
a picture made by them is current when the text it was made from is. That text lies beside it.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from ecslab.diagram import examples, graphs, render_svg
from ecslab.diagram.life import render_life
from ecslab.diagram.render import render
from ecslab.diagram.shown import Graph

IMAGES = Path(__file__).parents[1] / "images"
GRAPHS: dict[str, Callable[[str], Graph]] = {
    "parts": graphs.parts,
    "ecs-and-eks": graphs.ecs_and_eks,
    "fargate-and-ec2": graphs.fargate_and_ec2,
}
LANGUAGES = ("ja", "en")


def texts() -> dict[str, str]:
    """Every text that is compared: file name → content."""
    found: dict[str, str] = {}
    for lang in LANGUAGES:
        for name, graph in GRAPHS.items():
            found[f"{name}.{lang}.dot"] = graph(lang).source
        structure = render_svg(examples.structure(), lang=lang, theme="light")
        live = render_svg(examples.shop(), lang=lang, theme="light")
        found[f"structure.{lang}.svg"] = structure
        found[f"lifecycle.{lang}.svg"] = render_life(lang, "light")
        found[f"live-diagram.{lang}.svg"] = live
    return found


def pictures() -> list[str]:
    """Every file that is made from one of the texts by Graphviz or a browser."""
    drawn = [f"{name}.{lang}.svg" for name in GRAPHS for lang in LANGUAGES]
    return drawn + [f"live-diagram.{lang}.png" for lang in LANGUAGES]


def problems(folder: Path) -> list[str]:
    """A sentence for each file that is missing, not current, or nobody's."""
    wanted = texts()
    found = [
        f"{name} is not current."
        for name, text in wanted.items()
        if not (folder / name).is_file() or (folder / name).read_text("utf-8") != text
    ]
    found += [f"{name} is missing." for name in pictures() if not (folder / name).is_file()]
    known = {*wanted, *pictures()}
    strangers = sorted(path.name for path in folder.glob("*") if path.name not in known)
    return found + [f"{name} is made by nothing." for name in strangers]


def make(folder: Path) -> None:
    """Write every text and every picture."""
    folder.mkdir(exist_ok=True)
    for name, text in texts().items():
        (folder / name).write_text(text, "utf-8", newline="\n")
    for lang in LANGUAGES:
        for name in GRAPHS:
            source = (folder / f"{name}.{lang}.dot").read_text("utf-8")
            on_white = source.replace("bgcolor=transparent", "bgcolor=white")
            (folder / f"{name}.{lang}.svg").write_bytes(render(on_white))
        live = folder / f"live-diagram.{lang}"
        photograph(live.with_name(live.name + ".svg"), live.with_name(live.name + ".png"))


def photograph(svg: Path, png: Path) -> None:
    """A screenshot of `svg` at twice its size, by Chromium."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        raise SystemExit("The screenshots need Chromium: apt-get install chromium")
    text = svg.read_text("utf-8")
    wide, high = (text.split(f' {side}="')[1].split('"')[0] for side in ("width", "height"))
    with tempfile.TemporaryDirectory() as place:
        page = Path(place) / "page.html"
        page.write_text(f'<meta charset="utf-8"><body style="margin:0">{text}', "utf-8")
        size = f"{round(float(wide))},{round(float(high))}"
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        options += ["--force-device-scale-factor=2", f"--user-data-dir={place}/profile"]
        command = [browser, *options, f"--window-size={size}", f"--screenshot={png}", str(page)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


def main() -> int:
    """0 if all is made or current, 1 if `--check` found something old."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing, say what is old")
    if not parser.parse_args().check:
        make(IMAGES)
        return 0
    found = problems(IMAGES)
    for sentence in found:
        print(f"images/{sentence} Run: python tools/images.py", file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main())
