"""What the READMEs tell people to type is right, in both languages, and the snippet runs."""

import re
import shlex
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

from ecslab.cli.parser import take_language, top_parser
from tools import readme
from tools.set_up import asked

ROOT = Path(__file__).parents[2]
PAIRS = [
    ("README.md", "README.ja.md"),
    ("CONTRIBUTING.md", "CONTRIBUTING.ja.md"),
    ("iam/README.md", "iam/README.ja.md"),
]
PAGES = [page for pair in PAIRS for page in pair]


def blocks(page, kind):
    """The fenced blocks of a page."""
    return re.findall(rf"^```{kind}\n(.*?)^```", (ROOT / page).read_text("utf-8"), re.M | re.S)


def commands(page):
    """Each line of the shell blocks, as words without what is said about it."""
    for block in blocks(page, "sh"):
        for line in block.splitlines():
            yield shlex.split(line, comments=True)


COMMANDS = sorted({tuple(words) for page in PAGES for words in commands(page) if words})


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_of_the_pages_is_understood(words):
    words = [word for word in words if "=" not in word or word.startswith("-")]
    words = words[1:] if words[0] == "sudo" else words
    match words:
        case ["python3", "start.py", *rest]:
            assert asked.read(rest).command != "help"
        case [".venv/bin/python" | "python", file, *_]:
            assert (ROOT / file).exists()
        case ["ecslab", *rest]:
            _, rest = take_language(rest)
            top_parser(rest).parse_args(rest)
        case ["eval", substituted]:
            rest = re.fullmatch(r"\$\(ecslab (.*)\)", substituted)[1].split()
            top_parser(rest).parse_args(rest)
        case ["aws", service, operation, *rest]:
            model = botocore.session.get_session().get_service_model(service)
            assert operation in [xform_name(name, "-") for name in model.operation_names]
            files = [word.removeprefix("file://") for word in rest if word.startswith("file://")]
            assert all((ROOT / file).exists() for file in files)
        case ["git", "clone", *_] | ["cd", "ecslab"] | ["export"]:
            pass
        case ["source", ".venv/bin/activate"]:
            pass
        case _:
            raise AssertionError(f"nobody checks {words}")


@pytest.mark.parametrize("pair", PAIRS)
def test_both_languages_say_the_same(pair):
    english, japanese = ((ROOT / page).read_text("utf-8") for page in pair)
    assert list(commands(pair[0])) == list(commands(pair[1]))
    assert len(re.findall(r"^#+ ", english, re.M)) == len(re.findall(r"^#+ ", japanese, re.M))
    assert len(re.findall(r"^(?:- |\d\. |\| )", english, re.M)) == len(
        re.findall(r"^(?:- |\d\. |\| )", japanese, re.M)
    )


@pytest.mark.parametrize("page", [*PAGES, "CHANGELOG.md"])
def test_what_a_page_links_to_is_there(page):
    for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / page).read_text("utf-8")):
        assert target.startswith("https://") or (ROOT / page).parent.joinpath(target).exists()


@pytest.mark.parametrize("lang", readme.READMES)
def test_the_table_of_the_notebooks_is_current(lang):
    assert (ROOT / readme.READMES[lang]).read_text("utf-8") == readme.written(ROOT, lang)
    table = readme.table(ROOT, lang)
    for path in (ROOT / "notebooks" / lang).glob("*.ipynb"):
        assert re.search(rf"\[{path.stem}\].* \| \d+ \|$", table, re.M)


def test_a_readme_without_its_region_is_said(tmp_path):
    (tmp_path / "README.md").write_text("no region")
    with pytest.raises(ValueError, match=r"README\.md has 0 regions"):
        readme.written(tmp_path, "en")


def test_the_snippet_runs_from_top_to_bottom(stub_sandbox, capsys):
    (snippet,) = blocks("README.md", "python")
    exec(compile(snippet, "README.md", "exec"), {})
    said = capsys.readouterr().out
    assert "http://127.0." in said
    assert "Traceback" not in said


def test_both_snippets_are_the_same_code():
    bare = [re.sub(r"  # .*", "", *blocks(page, "python")) for page in PAIRS[0]]
    assert bare[0] == bare[1]
