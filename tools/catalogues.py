"""The Japanese catalogues: ``python tools/catalogues.py [ROOM …]`` brings them up to date.

New messages are added with an empty translation and named, messages that nobody says any more are
dropped, and the .mo files are compiled. A room's messages are the ``_("…")`` of its files.
``--check`` changes nothing and names what is missing, wrong or not current.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

NO_DATE = datetime(2000, 1, 1, tzinfo=timezone.utc)
PACKAGE = Path(__file__).parents[1] / "ecslab"
FOLDER = PACKAGE / "locale/ja/LC_MESSAGES"
HEADER = """\
# Japanese for the messages of this room; python tools/catalogues.py keeps it.
msgid ""
msgstr ""
"Language: ja\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
PART = re.compile(r"\{\w+\}")
"""What `str.format` fills in."""
CAUSES = ("cause", "AGENT")


def messages() -> dict[str, set[str]]:
    """Room → the messages its code says."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(PACKAGE.rglob("*.py")):
        said = list(extract("python", io.BytesIO(path.read_bytes()), {"_": None}))
        if said:
            room = path.relative_to(PACKAGE).parts[0]
            found[room] |= {message for _line, message, *_rest in said if isinstance(message, str)}
    for path in sorted((PACKAGE / "controlplane").glob("*.py")):
        found["controlplane"] |= set(causes(path.read_text("utf-8")))
    return dict(found)


def causes(text: str) -> Iterator[str]:
    """What the control plane's facts give as their cause: `story` says it in both languages."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in CAUSES:
            for part in ast.walk(node.value):
                if isinstance(part, ast.Constant) and re.search(r" .+\.$", str(part.value)):
                    yield str(part.value)


def catalogue(room: str) -> Catalog:
    """What is there of a room's Japanese; empty for a new room."""
    path = FOLDER / f"{room}.po"
    if path.exists():
        with path.open("rb") as file:
            return read_po(file, locale="ja")
    return Catalog("ja")


def updated(room: str, said: set[str]) -> Catalog:
    """The room's catalogue with exactly these messages."""
    now = catalogue(room)
    for message in [m for m in now if m.id and m.id not in said]:
        del now[message.id]
    for text in said:
        if text not in now:
            now.add(text)
    now.obsolete.clear()
    return now


def written(now: Catalog) -> tuple[bytes, bytes]:
    """The bytes of the .po and of the .mo file: no dates, so that only messages change them."""
    po, mo = io.BytesIO(HEADER.encode()), io.BytesIO()
    po.seek(0, io.SEEK_END)
    write_po(po, now, width=0, sort_output=True, omit_header=True, no_location=True)
    compiled = read_po(io.BytesIO(po.getvalue()), locale="ja")
    compiled.creation_date = compiled.revision_date = NO_DATE
    write_mo(mo, compiled)
    return po.getvalue(), mo.getvalue()


def wrong(room: str, now: Catalog) -> Iterator[str]:
    """A sentence for each message whose Japanese is missing or has other parts to fill in."""
    for message in now:
        english, japanese = str(message.id), str(message.string or "")
        if english and not japanese:
            yield f"{room}: no Japanese for {english!r}"
        elif english and set(PART.findall(english)) != set(PART.findall(japanese)):
            yield f"{room}: other parts to fill in than {english!r} has"


def main(arguments: list[str] | None = None) -> int:
    """Update, or check; 1 where a message has no Japanese yet or a file is not current."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rooms", nargs="*", help="default: every room that speaks")
    parser.add_argument("--check", action="store_true", help="change nothing, say what is wrong")
    given = parser.parse_args(arguments)
    said = messages()
    found: list[str] = []
    for room in given.rooms or sorted(said):
        now = updated(room, said[room])
        found += wrong(room, now)
        for suffix, content in zip((".po", ".mo"), written(now), strict=True):
            path = FOLDER / f"{room}{suffix}"
            if not given.check:
                path.write_bytes(content)
            elif not path.is_file() or path.read_bytes() != content:
                found.append(f"{path.name} is not current. Run: python tools/catalogues.py {room}")
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
