"""Several files: what is merged, what is replaced, what is unique by what."""

from pathlib import Path

import pytest
import yaml

from ecslab import compose


@pytest.fixture
def merged(load):
    """The service web of two files that differ in what they add to it."""

    def merged(first, second):
        files = {
            "a.yaml": f"services: {{web: {{image: i, {first}}}}}",
            "b.yaml": f"services: {{web: {{{second}}}}}",
        }
        found = load(files=files, use=["a.yaml", "b.yaml"]).services["web"]
        return {key: value for key, value in found.items() if key != "image"}

    return merged


@pytest.mark.parametrize(
    ("first", "second", "result"),
    [
        ("hostname: a", "hostname: b", {"hostname": "b"}),
        ("command: [a, b]", "command: c d", {"command": ["c", "d"]}),
        ("entrypoint: [a]", "entrypoint: [b]", {"entrypoint": ["b"]}),
        ("dns: a", "dns: [b, a]", {"dns": ["a", "b"]}),
        ("cap_add: [A]", "cap_add: [A, B]", {"cap_add": ["A", "B"]}),
        ("expose: [80]", "expose: ['80', 81]", {"expose": ["80", "81"]}),
        (
            "ports: ['80:80', '81:81/udp']",
            "ports: ['80:80/tcp', '8080:80']",
            {
                "ports": [
                    {"target": 80, "published": "80", "protocol": "tcp"},
                    {"target": 81, "published": "81", "protocol": "udp"},
                    {"target": 80, "published": "8080"},
                ]
            },
        ),
        (
            "environment: {A: 1, B: 2}",
            "environment: ['A=x', C]",
            {"environment": [["A", "x"], ["B", "2"], ["C", None]]},
        ),
        ("labels: ['a=1', 'b=2']", "labels: {a: x}", {"labels": {"a": "x", "b": "2"}}),
        ("sysctls: {a: 1}", "sysctls: ['a=2']", {"sysctls": {"a": "2"}}),
        (
            "healthcheck: {test: [CMD, a], retries: 2}",
            "healthcheck: {test: b}",
            {"healthcheck": {"test": ["CMD-SHELL", "b"], "retries": 2}},
        ),
        (
            "logging: {driver: awslogs, options: {a: x}}",
            "logging: {driver: syslog, options: {b: y}}",
            {"logging": {"driver": "syslog", "options": {"b": "y"}}},
        ),
        (
            "logging: {driver: awslogs, options: {a: x}}",
            "logging: {options: {b: y}}",
            {"logging": {"driver": "awslogs", "options": {"a": "x", "b": "y"}}},
        ),
        (
            "ulimits: {nofile: 1, nproc: 2}",
            "ulimits: {nofile: {soft: 3, hard: 4}}",
            {"ulimits": {"nofile": {"soft": 3, "hard": 4}}},
        ),
        ("build: .", "build: {target: t}", {"build": {"context": "/p", "target": "t"}}),
        (
            "devices: ['/dev/a:/dev/x']",
            "devices: ['/dev/b:/dev/x:r']",
            {"devices": [{"source": "/dev/b", "target": "/dev/x", "permissions": "r"}]},
        ),
        (
            "tmpfs: /run",
            "tmpfs: ['/tmp:size=64m']",
            {"tmpfs": ["/run", "/tmp:size=64m"]},
        ),
        ("x-a: {b: [1], c: 2}", "x-a: {b: [3]}", {"x-a": {"b": [1, 3], "c": 2}}),
        (
            "x-a: {secrets: [{name: a}], environment: [{name: a}]}",
            "x-a: {secrets: [{name: b}], environment: [{name: b}]}",
            {
                "x-a": {
                    "secrets": [{"name": "a"}, {"name": "b"}],
                    "environment": [{"name": "a"}, {"name": "b"}],
                }
            },
        ),
        ("hostname: a, user: u", "hostname: !reset null", {"user": "u"}),
        ("dns: [a, b]", "dns: !override [c]", {"dns": ["c"]}),
        ("labels: {a: x, b: y}", "labels: {a: !reset null}", {"labels": {"b": "y"}}),
        ("dns: [a]", "dns: !reset []", {}),
        (
            "environment: {A: 1, B: 2}",
            "environment: {A: !reset null, C: 3}",
            {"environment": [["B", "2"], ["C", "3"]]},
        ),
    ],
)
def test_one_file_over_another(merged, first, second, result):
    assert merged(first, second) == result


def test_mounts_are_unique_by_target(load):
    files = {
        "a.yaml": "services: {web: {image: i, volumes: ['data:/d', './x:/x']}}\nvolumes: {data: }",
        "b.yaml": "services: {web: {volumes: ['other:/d:ro']}}\nvolumes: {other: }",
    }
    project = load(files=files, use=["a.yaml", "b.yaml"])
    first, second = project.services["web"]["volumes"]
    assert first == {"type": "volume", "source": "other", "target": "/d", "read_only": True}
    assert second["source"] == "/p/x"
    assert project.mark("services", "web", "volumes", 0).file == "/p/b.yaml"
    assert project.mark("services", "web", "volumes", 1).file == "/p/a.yaml"


def test_a_list_and_a_mapping_of_dependencies_are_merged(load):
    files = {
        "a.yaml": "services: {web: {image: i, depends_on: [a]}, a: {image: i}, b: {image: i}}",
        "b.yaml": "services: {web: {depends_on: {b: {condition: service_healthy}}}}",
    }
    assert load(files=files, use=["a.yaml", "b.yaml"]).services["web"]["depends_on"] == {
        "a": {"condition": "service_started", "required": True},
        "b": {"condition": "service_healthy", "required": True},
    }


def test_reset_in_a_single_file_is_as_if_it_were_not_there(service):
    assert service("hostname: !reset null\nlabels: {a: !reset x, b: y}") == {
        "image": "i",
        "labels": {"b": "y"},
    }


def test_relative_paths_count_from_the_first_file(load):
    files = {
        "a.yaml": "services: {web: {image: i}}",
        "sub/b.yaml": "services: {web: {build: ./here}}",
    }
    project = load(files=files, use=["a.yaml", "sub/b.yaml"])
    assert project.services["web"]["build"] == {"context": "/p/here"}


def test_docker_compose_merges_the_same():
    """What docker-compose 1.29 answered is the oracle for rules that have not changed since."""
    here = Path(__file__).parent / "data" / "oracle"
    theirs = yaml.safe_load((here / "merged.yml").read_text())["services"]["web"]
    ours = compose.load([here / "a.yml", here / "b.yml"], environment={}).services["web"]
    assert dict(ours["environment"]) == theirs["environment"]
    assert ours["labels"] == theirs["labels"]
    assert ours["dns"] == theirs["dns"]
    assert " ".join(ours["command"]) == theirs["command"]
    published = {(str(port["published"]), port["target"]) for port in theirs["ports"]}
    assert {(port["published"], port["target"]) for port in ours["ports"]} == published
