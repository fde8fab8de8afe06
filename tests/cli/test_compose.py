"""`ecslab compose`: the task definition on stdout, everything else on stderr."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import ecslab
from ecslab import cli

TEXT = """\
name: shop
services:
  web:
    image: nginx
    mem_limit: 64m
    container_name: web
    depends_on: [db]
  db:
    image: postgres
"""
ROOT = Path(ecslab.__file__).parents[1]


@pytest.fixture(autouse=True)
def here(monkeypatch, tmp_path):
    """A folder with a Compose file, in English, without a word of AWS."""
    for name in ("COMPOSE_FILE", "COMPOSE_PROFILES", "COMPOSE_PROJECT_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ECSLAB_LANG", "en")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "compose.yaml").write_text(TEXT)
    return tmp_path


def run(*words):
    return cli.main(["compose", "convert", *words])


def test_stdout_is_the_task_definition_and_nothing_else(capsys):
    assert run() == 0
    out, err = capsys.readouterr()
    made = json.loads(out)
    assert made["family"] == "shop"
    assert [one["name"] for one in made["containerDefinitions"]] == ["web", "db"]
    assert err.splitlines() == [
        "compose.yaml:6:5: dropped container-name: The ECS agent names containers itself.",
        "compose.yaml:8:3: adapted memory-default: db has no memory limit, and ECS wants one: it "
        "gets 512 MiB. (Write mem_limit, or mem_reservation.)",
    ]


def test_diagnostics_as_json_are_one_object_a_line(capsys):
    assert run("--diagnostics", "json") == 0
    said = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert said[0] == {
        "code": "container-name",
        "fidelity": "dropped",
        "file": "compose.yaml",
        "line": 6,
        "column": 5,
        "path": "services.web.container_name",
        "message": "The ECS agent names containers itself.",
        "hint": None,
    }
    assert len(said) == 2


def test_they_speak_the_learners_language(capsys):
    assert cli.main(["--lang", "ja", "compose", "convert"]) == 0
    assert "コンテナの名前は ECS エージェントが付けます。" in capsys.readouterr().err


def test_strict_fails_where_something_was_dropped_and_writes_nothing(capsys, here):
    assert run("--strict", "-o", "td.json") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert not (here / "td.json").exists()
    assert "container-name" in err
    assert err.splitlines()[-1].startswith("ecslab: --strict allows no loss")


def test_strict_is_content_where_something_was_only_adapted(capsys, here):
    (here / "compose.yaml").write_text(TEXT.replace("    container_name: web\n", ""))
    assert run("--strict") == 0
    assert json.loads(capsys.readouterr().out)


def test_yaml_says_the_same(capsys):
    run()
    as_json = json.loads(capsys.readouterr().out)
    run("--format", "yaml")
    assert yaml.safe_load(capsys.readouterr().out) == as_json


@pytest.mark.parametrize(("name", "read"), [("a.json", json.loads), ("a.yml", yaml.safe_load)])
def test_a_file_has_the_form_its_name_says(capsys, here, name, read):
    assert run("-o", name) == 0
    assert read((here / name).read_text())["family"] == "shop"
    assert capsys.readouterr().out == ""


def test_a_folder_gets_a_file_for_each_family(here):
    assert run("--split", "service", "-o", "made/") == 0
    assert sorted(path.name for path in (here / "made").iterdir()) == [
        "shop-db.json", "shop-web.json",
    ]  # fmt: skip


def test_split_prints_a_list_and_says_everything_once(capsys):
    assert run("--split", "service") == 0
    out, err = capsys.readouterr()
    assert [one["family"] for one in json.loads(out)] == ["shop-web", "shop-db"]
    assert "other-task" in err
    lines = err.splitlines()
    assert len(lines) == len({*lines})
    run("--split", "service", "--format", "yaml")
    assert [one["family"] for one in yaml.safe_load_all(capsys.readouterr().out)] == [
        "shop-web", "shop-db",
    ]  # fmt: skip


def test_the_override_file_is_found_as_docker_compose_finds_it(capsys, here):
    (here / "compose.override.yaml").write_text("services: {web: {image: changed}}")
    run()
    assert json.loads(capsys.readouterr().out)["containerDefinitions"][0]["image"] == "changed"


def test_several_files_and_a_name_and_a_profile(capsys, here):
    (here / "b.yml").write_text("services: {tool: {image: t, profiles: [tools]}}")
    assert run("-f", "compose.yaml", "-f", "b.yml", "-p", "other", "--profile", "tools") == 0
    made = json.loads(capsys.readouterr().out)
    assert made["family"] == "other"
    assert made["containerDefinitions"][-1]["name"] == "tool"


def test_standard_input_is_a_file(monkeypatch, capsys):
    import io

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert run("-f", "-", "-p", "piped") == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["family"] == "piped"
    assert err.startswith("-:6:5: ")


def test_a_launch_type_is_made_for(capsys):
    assert run("--launch-type", "FARGATE") == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["cpu"], made["memory"], made["networkMode"]) == ("256", "512", "awsvpc")


def test_ecs_params_beside_the_file_are_read(capsys, here):
    (here / "ecs-params.yml").write_text("task_definition: {task_role_arn: here}")
    (here / "other.yml").write_text("task_definition: {task_role_arn: given}")
    run()
    assert json.loads(capsys.readouterr().out)["taskRoleArn"] == "here"
    run("--ecs-params", "other.yml")
    assert json.loads(capsys.readouterr().out)["taskRoleArn"] == "given"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-f", "none.yml"], "none.yml"),
        (["--ecs-params", "none.yml"], "none.yml"),
        (["-p", "No Name"], "No Name"),
        (["-o", "compose.yaml/x.json"], "x.json"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_status_1(capsys, words, said):
    assert run(*words) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert "Traceback" not in err


def test_what_is_wrong_in_the_file_is_named_at_its_line(capsys, here):
    (here / "compose.yaml").write_text("services:\n  web:\n    imgae: nginx\n    image: i\n")
    assert run() == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("compose.yaml:3:5: services.web has no key imgae.")
    assert run("--diagnostics", "json") == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["code"] == "unknown-key"


@pytest.mark.parametrize(
    "words", [[], ["convert", "--launch-type", "LAMBDA"], ["convert", "--nonsense"], ["x"]]
)
def test_a_wrong_command_line_is_status_2(capsys, words):
    assert cli.main(["compose", *words]) == 2
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["convert", "create"])
def test_help_has_an_example(capsys, word):
    with pytest.raises(SystemExit):
        cli.main(["compose", word, "--help"])
    assert f"ecslab compose {word}" in capsys.readouterr().out


LEAN = """
import sys
from ecslab.cli import main
status = main(["compose", "convert"])
heavy = ("boto3", "botocore", "jsonschema", "docker", "moto", "ipywidgets", "asyncio", "socket",
         "dataclasses", "inspect", "json", "shutil", "urllib", "ecslab.lab", "ecslab.controlplane")
print(status, [name for name in heavy if name in sys.modules], file=sys.stderr)
"""


def test_convert_imports_next_to_nothing_and_needs_no_aws(here):
    bare = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "ECSLAB_LANG": "en"}
    done = subprocess.run(
        [sys.executable, "-c", LEAN], cwd=here, env=bare, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert done.stderr.splitlines()[-1] == "0 []"
    assert json.loads(done.stdout)["family"] == "shop"


def test_create_registers_what_convert_prints(monkeypatch, capsys):
    registered = []

    def register(definition):
        registered.append(definition)
        return (
            f"{definition['family']}:7",
            f"arn:aws:ecs:r:1:task-definition/{definition['family']}:7",
        )

    monkeypatch.setattr("ecslab.lab.registering.register", register)
    assert cli.main(["compose", "create", "--split", "service", "-o", "made.json"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "shop-web:7 arn:aws:ecs:r:1:task-definition/shop-web:7",
        "shop-db:7 arn:aws:ecs:r:1:task-definition/shop-db:7",
    ]
    assert registered == json.loads(Path("made.json").read_text())


def test_create_registers_nothing_where_strict_is_not_content(monkeypatch, capsys):
    monkeypatch.setattr("ecslab.lab.registering.register", pytest.fail)
    assert cli.main(["compose", "create", "--strict"]) == 1
