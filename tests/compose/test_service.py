"""Short forms and types of a service's keys, each with its long form; and what is wrong."""

import pytest

from ecslab import compose


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("80", {"target": 80}),
        ("'8080:80'", {"target": 80, "published": "8080"}),
        ("8080:80/udp", {"target": 80, "published": "8080", "protocol": "udp"}),
        ("'127.0.0.1:8080:80'", {"target": 80, "published": "8080", "host_ip": "127.0.0.1"}),
        ("'127.0.0.1::80'", {"target": 80, "host_ip": "127.0.0.1"}),
        ("'[::1]:8080:80'", {"target": 80, "published": "8080", "host_ip": "::1"}),
        ("'8000-8010:80'", {"target": 80, "published": "8000-8010"}),
        ("{target: '80', published: 8080}", {"target": 80, "published": "8080"}),
    ],
)
def test_a_port(service, written, read):
    assert service(f"ports: [{written}]")["ports"] == [read]


def test_a_range_of_ports_is_one_for_each(service):
    assert service("ports: ['9000-9001:3000-3001', '5-6']")["ports"] == [
        {"target": 3000, "published": "9000"},
        {"target": 3001, "published": "9001"},
        {"target": 5},
        {"target": 6},
    ]


@pytest.mark.parametrize(
    "port", ["x", "'80:'", "'70000'", "'1-2:1-3'", "'9-8'", "80/icmp", "'a:80'", "{published: 1}"]
)
def test_what_is_no_port_is_an_error_at_its_item(wrong, port):
    (found,) = wrong(
        f"services:\n  web:\n    image: i\n    ports:\n      - '1:1'\n      - {port}\n"
    )
    assert found.code in ("port", "missing-key")
    assert found.mark.line == 6


BIND = {"create_host_path": True}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("/d", {"type": "volume", "target": "/d"}),
        ("data:/d", {"type": "volume", "source": "data", "target": "/d"}),
        ("data:/d:ro,nocopy",
         {"type": "volume", "source": "data", "target": "/d", "read_only": True,
          "volume": {"nocopy": True}}),
        ("./a:/d", {"type": "bind", "source": "/p/a", "target": "/d", "bind": BIND}),
        ("../a:/d:Z",
         {"type": "bind", "source": "/a", "target": "/d", "bind": {**BIND, "selinux": "Z"}}),
        ("~/a:/d", {"type": "bind", "source": "/home/me/a", "target": "/d", "bind": BIND}),
        ("/a:/d:rslave,cached",
         {"type": "bind", "source": "/a", "target": "/d", "consistency": "cached",
          "bind": {**BIND, "propagation": "rslave"}}),
        ("C:\\a:/d:rw",
         {"type": "bind", "source": "C:\\a", "target": "/d", "read_only": False, "bind": BIND}),
        ("{type: bind, source: ./a, target: /d}",
         {"type": "bind", "source": "/p/a", "target": "/d"}),
    ],
)  # fmt: skip
def test_a_mount(service, written, read):
    item = written if written.startswith("{") else f"'{written}'"
    found = service(f"volumes: [{item}]", "volumes: {data: }", environment={"HOME": "/home/me"})
    assert found["volumes"] == [read]


@pytest.mark.parametrize(
    ("volume", "code"),
    [
        ("v:/data:ro", "volume-drive"),
        ("v:/data", "volume-drive"),
        ("data:/b:c:d", "volume"),
        ("data:b", "volume"),
        (":/b", "volume"),
        ("./a:/b:quick", "volume-option"),
        ("{target: /a}", "missing-key"),
        ("{type: nfs, target: /a}", "volume-type"),
    ],
)
def test_what_is_no_mount_is_an_error(wrong, volume, code):
    item = volume if volume.startswith("{") else f"'{volume}'"
    assert wrong(f"services: {{w: {{image: i, volumes: [{item}]}}}}")[0].code == code


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("command: a 'b c' d\\ e", {"command": ["a", "b c", "d e"]}),
        ("command: [a, 1, true]", {"command": ["a", "1", "true"]}),
        ("command: []", {"command": []}),
        ("command: ", {}),
        ("entrypoint: /run me", {"entrypoint": ["/run", "me"]}),
        ("healthcheck: {test: 'a b'}", {"healthcheck": {"test": ["CMD-SHELL", "a b"]}}),
        ("healthcheck: {disable: 'true'}", {"healthcheck": {"disable": True}}),
        ("tmpfs: /run", {"tmpfs": ["/run"]}),
        ("dns: [1.1.1.1]", {"dns": ["1.1.1.1"]}),
        ("build: ./b", {"build": {"context": "/p/b"}}),
        ("build: https://github.com/a/b.git", {"build": {"context": "https://github.com/a/b.git"}}),
        ("ulimits: {nofile: 5}", {"ulimits": {"nofile": {"soft": 5, "hard": 5}}}),
        ("devices: [/dev/x]", {"devices": [{"source": "/dev/x", "target": "/dev/x"}]}),
        ("extra_hosts: ['a:1.2.3.4', 'b=::1', 'c:[::2]']",
         {"extra_hosts": ["a=1.2.3.4", "b=::1", "c=::2"]}),
        ("extra_hosts: {a: [x, y]}", {"extra_hosts": ["a=x", "a=y"]}),
        ("gpus: all", {"gpus": [{"count": "all"}]}),
        ("user: 1000", {"user": "1000"}),
        ("privileged: yes", {"privileged": True}),
        ("init: 'false'", {"init": False}),
        ("cpus: '0.5'", {"cpus": 0.5}),
        ("mem_limit: 512m", {"mem_limit": "512m"}),
        ("mem_limit: 1000000", {"mem_limit": 1000000}),
        ("stop_grace_period: 1m30s", {"stop_grace_period": "1m30s"}),
        ("environment: [A=1, A=2, B]", {"environment": [["A", "1"], ["A", "2"], ["B", None]]}),
        ("environment: ['A=b=c', 'E=']", {"environment": [["A", "b=c"], ["E", ""]]}),
        ("labels: [a=b, c]", {"labels": {"a": "b", "c": None}}),
        ("networks: [default]", {"networks": {"default": {}}}),
        ("models: [m]", {"models": {"m": {}}}),
        ("deploy: {replicas: '2', resources: {limits: {cpus: '1', pids: 5}}}",
         {"deploy": {"replicas": 2, "resources": {"limits": {"cpus": 1, "pids": 5}}}}),
        ("post_start: [{command: a b, environment: {A: 1}}]",
         {"post_start": [{"command": ["a", "b"], "environment": [["A", "1"]]}]}),
        ("logging: {options: {max-size: 10m, max-file: 3}}",
         {"logging": {"options": {"max-size": "10m", "max-file": "3"}}}),
    ],
)  # fmt: skip
def test_a_key_in_its_long_form(service, written, read):
    found = service(written)
    del found["image"]
    assert found == read


@pytest.mark.parametrize(
    "how",
    ["links: ['db:alias']", "network_mode: service:db", "pid: service:db", "ipc: service:db"],
)
def test_what_implies_a_dependency(load, how):
    project = load(f"services: {{web: {{image: i, {how}}}, db: {{image: i}}}}")
    assert project.services["web"]["depends_on"] == {
        "db": {"condition": "service_started", "required": True, "restart": True}
    }


def test_volumes_from_implies_a_dependency_without_restart(load):
    project = load("services: {web: {image: i, volumes_from: ['db:ro']}, db: {image: i}}")
    assert project.services["web"]["depends_on"] == {
        "db": {"condition": "service_started", "required": True}
    }


def test_a_dependency_that_is_written_stays_as_written(load):
    text = "services: {w: {image: i, links: [db], depends_on: [db]}, db: {image: i}}"
    assert load(text).services["w"]["depends_on"] == {
        "db": {"condition": "service_started", "required": True}
    }


def test_extension_keys_are_kept_everywhere(load):
    project = load("""
        x-top: [1, yes]
        services:
          web:
            image: i
            x-ecs: {cpu: 1, off: false}
            ports: [{target: 80, x-ecs: {hostPort: 0}}]
            healthcheck: {test: a, x-h: 1}
        volumes:
          v: {x-ecs: {efs: true}}
    """)
    web = project.services["web"]
    assert project.document["x-top"] == [1, "yes"]
    assert web["x-ecs"] == {"cpu": 1, "off": False}
    assert web["ports"] == [{"target": 80, "x-ecs": {"hostPort": 0}}]
    assert web["healthcheck"]["x-h"] == 1
    assert project.document["volumes"]["v"] == {"x-ecs": {"efs": True}}


@pytest.mark.parametrize(
    ("line", "near"),
    [
        ("imgae: x", "image"),
        ("enviroment: {}", "environment"),
        ("healthcheck: {intervall: 5s}", "interval"),
        ("deploy: {resources: {limit: {}}}", "limits"),
        ("ports: [{target: 1, publish: 1}]", "published"),
        ("build: {contxt: .}", "context"),
    ],
)
def test_an_unknown_key_names_its_place_and_the_nearest_known_one(wrong, line, near):
    (found,) = wrong(f"services:\n  web:\n    image: i\n    {line}\n")
    assert (found.code, found.mark.line) == ("unknown-key", 4)
    assert found.hint.render("en") == f"Did you mean {near}?"


@pytest.mark.parametrize(
    "line",
    [
        "ports: {a: b}",
        "hostname: [a]",
        "environment: 5",
        "labels: text",
        "deploy: [a]",
        "privileged: maybe",
        "cpus: fast",
        "mem_limit: 3q",
        "stop_grace_period: 30",
        "healthcheck: {retries: 1.5}",
        "ulimits: {nofile: many}",
        "command: a 'b",
        "networks: [[a]]",
    ],
)
def test_a_value_of_the_wrong_kind_is_an_error_at_its_line(wrong, line):
    found = wrong(f"services:\n  web:\n    image: i\n    {line}\n")
    assert [(p.code in ("type", "value", "quotes"), p.mark.line) for p in found] == [(True, 4)]


def test_problems_are_collected_and_each_has_its_own_line(wrong):
    found = wrong("""
        services:
          web: {imgae: x, ports: {}, image: '${A:?b}'}
          db: {image: i, cpus: x}
    """)
    assert len(found) == 4
    error = compose.ComposeError(found)
    assert len(str(error).splitlines()) == 4
    assert len(error.diagnostics) == 4


def test_every_part_has_a_place(load):
    project = load(
        "services:\n  web:\n    image: i\n    ports:\n      - '80:80'\n      - '8000-8001'\n"
        "    environment:\n      A: 1\n      B: 2\n"
    )
    places = {
        ("services", "web", "image"): (3, 5),
        ("services", "web", "ports"): (4, 5),
        ("services", "web", "ports", 0, "target"): (5, 9),
        ("services", "web", "ports", 2): (6, 9),
        ("services", "web", "environment", "B"): (9, 7),
        ("services", "web", "deploy", "replicas"): (2, 3),
    }
    assert {path: project.mark(*path)[1:] for path in places} == places


def test_a_project_of_one_service_keeps_the_places(load):
    project = load("services:\n  a: {image: i}\n  b: {image: i}\n")
    alone = project.only("b", {"image": "i"}, "p-b")
    assert (alone.name, list(alone.services)) == ("p-b", ["b"])
    assert alone.mark("services", "b").line == 3


def test_canonical_changes_nothing_of_what_is_canonical(load):
    document = load("services: {w: {image: i, ports: ['80:80'], environment: [A=1]}}").document
    assert compose.canonical(document).document == document


def test_canonical_leaves_its_argument_alone():
    document = {"services": {"w": {"image": "i", "links": ["w"], "ports": ["80"]}}}
    compose.canonical(document)
    assert document == {"services": {"w": {"image": "i", "links": ["w"], "ports": ["80"]}}}


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
@pytest.mark.parametrize("key", ["scale", "cpus", "mem_limit"])
def test_a_number_that_is_none_is_an_error(key, value):
    with pytest.raises(compose.ComposeError) as error:
        compose.canonical({"services": {"w": {"image": "i", key: value}}})
    assert [problem.code for problem in error.value.problems] == ["value"]


def test_a_number_beyond_all_bounds_is_text_where_text_is_wanted():
    document = {"services": {"w": {"image": float("inf")}}}
    assert compose.canonical(document).services["w"] == {"image": "inf"}
