"""`ecslab local create`: base and override from a task definition, without Docker or AWS."""

import io
import json
import shutil
from pathlib import Path

import pytest
import yaml

from ecslab import cli, compose, convert

HANDSON = Path(__file__).parents[2] / "handson"
PLAIN = {
    "family": "shop",
    "taskRoleArn": "arn:aws:iam::123456789012:role/shop-role",
    "containerDefinitions": [
        {
            "name": "web",
            "image": "nginx:alpine",
            "memory": 64,
            "environment": [{"name": "PRICE", "value": "$5"}],
            "secrets": [{"name": "PASSWORD", "valueFrom": "shop-password"}],
            "logConfiguration": {
                "logDriver": "awslogs",
                "options": {"awslogs-group": "shop", "awslogs-region": "us-east-1"},
            },
        }
    ],
}
BASE = "docker-compose.ecs-local.yml"
OVERRIDE = "docker-compose.ecs-local.override.yml"


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    monkeypatch.setenv("ECSLAB_LANG", "en")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ecslab(*argv):
    return cli.main(["local", *argv])


def save(document, name="task-definition.json"):
    Path(name).write_text(json.dumps(document))


def override():
    return yaml.safe_load(Path(OVERRIDE).read_text())


def meaning(base=BASE):
    return convert.to_task_definition(compose.load(base)).value


def test_the_base_means_the_task_definition_and_nothing_else():
    save(PLAIN)
    assert ecslab("create") == 0
    assert meaning() == PLAIN


def test_the_hands_on_definition_survives_the_trip():
    shutil.copy(HANDSON / "3" / "task-definition.json", "task-definition.json")
    assert ecslab("create") == 0
    assert meaning() == json.loads(Path("task-definition.json").read_text())


def test_the_override_says_where_logs_go_who_gives_credentials_and_where_it_came_from(folder):
    save(PLAIN)
    assert ecslab("create") == 0
    web = override()["services"]["web"]
    assert web["logging"] == {"driver": "json-file"}
    assert "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/creds" in web["environment"]
    assert "ECS_CONTAINER_METADATA_URI=http://169.254.170.2/v3" in web["environment"]
    assert web["labels"]["ecs-local.task-definition-input.type"] == "local"
    assert web["labels"]["ecs-local.task-definition-input.value"] == str(
        folder / "task-definition.json"
    )
    assert override()["networks"] == {"ecs-local-network": {"external": True}}


def test_secrets_are_variables_in_the_override_and_never_values():
    save(PLAIN)
    assert ecslab("create") == 0
    assert "PASSWORD=${ECSLAB_SECRET_WEB_PASSWORD}" in override()["services"]["web"]["environment"]


def test_use_role_asks_for_the_task_roles_credentials():
    save(PLAIN)
    assert ecslab("create", "--use-role") == 0
    wanted = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/role/shop-role"
    assert wanted in override()["services"]["web"]["environment"]


def test_the_answer_of_describe_task_definition_is_taken_as_it_is():
    described = {**PLAIN, "taskDefinitionArn": "arn:x", "revision": 3, "status": "ACTIVE"}
    save({"taskDefinition": described, "tags": []})
    assert ecslab("create") == 0
    assert meaning() == PLAIN


def test_yaml_is_taken_as_well():
    Path("td.yaml").write_text(yaml.safe_dump(PLAIN))
    assert ecslab("create", "-f", "td.yaml") == 0
    assert meaning() == PLAIN


def test_standard_input_is_taken_as_well(monkeypatch):
    typed = io.TextIOWrapper(io.BytesIO(json.dumps(PLAIN).encode()))
    monkeypatch.setattr("sys.stdin", typed)
    assert ecslab("create", "-f", "-") == 0
    assert meaning() == PLAIN


def test_files_that_are_there_stay_unless_forced(capsys):
    save(PLAIN)
    Path(OVERRIDE).write_text("mine")
    assert ecslab("create") == 1
    assert f"{OVERRIDE} is there already. --force replaces it" in capsys.readouterr().err
    assert Path(OVERRIDE).read_text() == "mine"
    assert not Path(BASE).exists()
    assert ecslab("create", "--force") == 0
    assert Path(OVERRIDE).read_text() != "mine"


def test_another_name_gives_both_files_that_name():
    save(PLAIN)
    assert ecslab("create", "-o", "mine.yml") == 0
    assert Path("mine.yml").exists()
    assert Path("mine.override.yml").exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "There is no file task-definition.json."),
        ('{"family": "x"', "task-definition.json:1:15: A comma or } is expected here."),
        ('{"family": "x"}', "task-definition.json is no task definition"),
        ("services: {}", "task-definition.json is no task definition"),
        ("[1]", "task-definition.json holds no task definition"),
        ("a: [b", "task-definition.json:"),
        (b"\xff\xfe{}", "task-definition.json is not UTF-8 text."),
        ('{"containerDefinitions": 3}', "containerDefinitions"),
    ],
)
def test_what_is_no_task_definition_is_one_sentence_and_makes_no_file(capsys, text, sentence):
    if text is not None:
        data = text if isinstance(text, bytes) else text.encode()
        Path("task-definition.json").write_bytes(data)
    assert ecslab("create") == 1
    said = capsys.readouterr().err
    assert sentence in said
    assert "Traceback" not in said
    assert not Path(BASE).exists()
    assert not Path(OVERRIDE).exists()


@pytest.mark.parametrize("mode", ["host", "none"])
def test_host_and_none_keep_their_network(mode):
    save({**PLAIN, "networkMode": mode})
    assert ecslab("create") == 0
    assert "networks" not in override()["services"]["web"]


def awsvpc(*containers):
    return {"family": "pod", "networkMode": "awsvpc", "containerDefinitions": list(containers)}


def box(name, **more):
    return {"name": name, "image": "busybox", "memory": 32, **more}


def test_the_containers_of_an_awsvpc_task_share_localhost():
    save(awsvpc(box("web", portMappings=[{"containerPort": 80}]), box("side")))
    assert ecslab("create") == 0
    assert override()["services"]["side"]["network_mode"] == "service:web"
    assert override()["services"]["web"]["networks"] == ["ecs-local-network"]


def test_where_compose_cannot_say_it_each_has_a_network_of_its_own():
    ports = {"portMappings": [{"containerPort": 80}]}
    save(awsvpc(box("web", **ports), box("api", **ports)))
    assert ecslab("create") == 0
    assert all("network_mode" not in one for one in override()["services"].values())


def test_up_of_a_compose_file_that_is_not_there_is_one_sentence(capsys):
    assert ecslab("up", "-c", "none.yml") == 1
    assert "There is no file none.yml." in capsys.readouterr().err
