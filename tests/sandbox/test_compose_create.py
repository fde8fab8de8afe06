"""`ecslab compose create` with the variables `ecslab sandbox env` prints."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import ecslab
from ecslab import sandbox
from tests.sandbox.serving import Served

ROOT = Path(ecslab.__file__).parents[1]
TEXT = "services:\n  web:\n    image: nginx:{tag}\n    mem_limit: 64m\n    ports: ['80']\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    served = Served(tmp_path_factory.mktemp("create") / "state", "--runtime", "stub")
    served.start()
    yield served
    served.stop()


@pytest.fixture
def create(served, tmp_path):
    """The command, run in a folder with this Compose file."""

    def create(text, *words, environment=None):
        (tmp_path / "compose.yaml").write_text(text)
        kept = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
        known = sandbox.environment(served.port) if environment is None else environment
        env = {**kept, **known, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "ECSLAB_LANG": "en"}
        return subprocess.run(
            [sys.executable, "-m", "ecslab", "compose", "create", *words],
            cwd=tmp_path, env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip

    return create


def test_it_prints_family_revision_and_arn_and_the_same_again_is_the_same(create, served):
    first = create(TEXT.format(tag="1"), "-p", "shop")
    assert first.returncode == 0, first.stderr
    name, arn = first.stdout.split()
    assert name == "shop:1"
    assert arn.endswith(":task-definition/shop:1")
    there = served.client().describe_task_definition(taskDefinition=arn)["taskDefinition"]
    assert there["containerDefinitions"][0]["image"] == "nginx:1"
    assert create(TEXT.format(tag="1"), "-p", "shop").stdout == first.stdout
    assert create(TEXT.format(tag="2"), "-p", "shop").stdout.split()[0] == "shop:2"


def test_what_ecs_refuses_is_one_sentence(create):
    lines = "".join(f"  s{n}: {{image: i, mem_limit: 64m}}\n" for n in range(11))
    done = create(f"services:\n{lines}", "-p", "many")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "too-many-containers" in done.stderr
    assert "Too many containers." in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_region_it_says_what_to_do(create):
    done = create(TEXT.format(tag="1"), "-p", "shop", environment={})
    assert done.returncode == 1
    assert "region" in done.stderr
    assert "Traceback" not in done.stderr
