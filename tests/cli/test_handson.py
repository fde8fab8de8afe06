"""The hands-on's own texts and files: the commands give what is stated; the page says "test"."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

import ecslab
from ecslab import cli

HANDSON = Path(__file__).parents[2] / "handson"
TEXTS = sorted(HANDSON.glob("*/README*.md"))


def stated(text):
    """(command, what it prints) of each console block."""
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            yield command, printed


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_each_command_prints_what_its_text_says(text, tmp_path):
    shutil.copytree(text.parent, tmp_path / "copy", ignore=shutil.ignore_patterns("*ecs-local*"))
    lang = "ja" if ".ja." in text.name else "en"
    commands = list(stated(text.read_text()))
    assert commands
    for command, printed in commands:
        words = shlex.split(command)
        assert words[0] == "ecslab"
        done = subprocess.run(
            [sys.executable, "-m", "ecslab", "--lang", lang, *words[1:]],
            cwd=tmp_path / "copy",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert (done.returncode, done.stdout) == (0, printed), command


def test_both_languages_state_the_same_commands():
    for folder in {text.parent for text in TEXTS}:
        both = [list(stated((folder / name).read_text())) for name in ("README.md", "README.ja.md")]
        assert [command for command, _ in both[0]] == [command for command, _ in both[1]]


@pytest.mark.docker
def test_hands_on_2_runs_as_a_task_of_ecs_and_says_test(docker_sandbox, capsys):
    files = [HANDSON / "2" / name for name in ("docker-compose.yml", "small.yml")]
    given = [word for file in files for word in ("-f", str(file))]
    assert cli.main(["compose", "convert", *given, "-p", "handson-2"]) == 0
    definition = json.loads(capsys.readouterr().out)
    lab = ecslab.connect(lang="en")
    lab.create_cluster(instances=1)
    task = lab.wait(lab.run_task(lab.register_task_definition(**definition)))
    url = str(lab.url(task))
    assert url.endswith(":9090")
    assert urllib.request.urlopen(url, timeout=10).read() == b"test"
