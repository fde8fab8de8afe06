"""extends, include, .env, env_file, profiles, names and default files."""

import pytest

from ecslab import compose


def test_a_service_extends_one_of_the_same_file(load):
    project = load("""
        services:
          base: {image: i, labels: {a: x}, environment: [A=1]}
          web: {extends: base, labels: {b: y}, environment: [A=2]}
          more: {extends: {service: web}, hostname: h}
    """)
    assert project.services["more"] == {
        "image": "i",
        "labels": {"a": "x", "b": "y"},
        "environment": [["A", "2"]],
        "hostname": "h",
    }


def test_paths_of_another_file_count_from_that_file(load):
    files = {
        "compose.yaml": "services: {web: {extends: {file: sub/base.yaml, service: base}}}",
        "sub/base.yaml": "services: {base: {extends: top, volumes: ['./d:/d']}, top: {build: .}}",
    }
    web = load(files=files).services["web"]
    assert web["volumes"][0]["source"] == "/p/sub/d"
    assert web["build"] == {"context": "/p/sub"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("services: {a: {extends: b, image: i}, b: {extends: a}}", "extends-cycle"),
        ("services: {a: {extends: a, image: i}}", "extends-cycle"),
        ("services: {a: {extends: nope, image: i}}", "extends-service"),
        ("services: {a: {extends: {file: no.yaml, service: b}, image: i}}", "file-missing"),
        ("include: [compose.yaml]\nservices: {a: {image: i}}", "include-cycle"),
        ("include: [no.yaml]\nservices: {a: {image: i}}", "file-missing"),
        ("services: {a: {image: i, env_file: no.env}}", "env-file-missing"),
        ("services: {a: {image: i, label_file: no.labels}}", "label-file-missing"),
        ("services: {a: {hostname: h}}", "no-image"),
        ("services: {}", "no-services"),
        ("x-a: 1", "no-services"),
        ("name: No Name\nservices: {a: {image: i}}", "project-name"),
        ("services: {a: {image: i, depends_on: [b]}}", "depends-on-unknown"),
        ("services: {a: {image: i, volumes: ['data:/d']}}", "undeclared"),
        ("services: {a: {image: i, networks: [net]}}", "undeclared"),
        ("services: {a: {image: i, secrets: [s]}}", "undeclared"),
        ("services: {a: {image: i, depends_on: {a: {condition: ready}}}}", "condition"),
    ],
)
def test_what_cannot_be_found_is_an_error_with_its_place(wrong, text, code):
    found = wrong(text)
    assert code in [problem.code for problem in found]


def test_an_included_project_brings_its_own_directory_and_dot_env(load):
    files = {
        "compose.yaml": "include: [sub/compose.yaml]\nservices: {w: {image: i, links: [db]}}",
        "sub/compose.yaml": "services: {db: {image: 'db:$TAG', volumes: ['./d:/d']}}",
        "sub/.env": "TAG=7\n",
    }
    project = load(files=files)
    assert list(project.services) == ["db", "w"]
    assert project.services["db"]["image"] == "db:7"
    assert project.services["db"]["volumes"][0]["source"] == "/p/sub/d"
    assert project.mark("services", "db").file == "/p/sub/compose.yaml"


def test_an_include_may_say_directory_and_env_file(load):
    files = {
        "compose.yaml": (
            "include: [{path: [sub/a.yaml, sub/b.yaml], project_directory: ., env_file: my.env}]\n"
        ),
        "sub/a.yaml": "services: {db: {image: '$TAG', build: .}}",
        "sub/b.yaml": "services: {db: {hostname: h}}",
        "my.env": "TAG=7",
    }
    assert load(files=files).services["db"] == {
        "image": "7",
        "build": {"context": "/p"},
        "hostname": "h",
    }


def test_an_include_that_says_something_else_is_an_error(wrong):
    files = {
        "compose.yaml": "include: [a.yaml]\nservices: {web: {image: mine}}",
        "a.yaml": "services: {web: {image: theirs}}",
    }
    assert wrong(files=files)[0].code == "include-conflict"


DOTENV = r"""
# a comment
export A=1
B = two words # comment
C='single $A # kept'
D="double ${A} \"q\" \n \$A"
E=
F: colon
G=a#b
H="over
lines"
I=$A$J
J=late
BARE
K=${NO:-default}
"""


def test_an_env_file_is_read_as_docker_compose_reads_it(load):
    files = {"compose.yaml": "services: {w: {image: i, env_file: x.env}}", "x.env": DOTENV}
    found = load(files=files, environment={"BARE": "shell"}).services["w"]["environment"]
    assert dict(found) == {
        "A": "1",
        "B": "two words",
        "C": "single $A # kept",
        "D": 'double 1 "q" \n $A',
        "E": "",
        "F": "colon",
        "G": "a#b",
        "H": "over\nlines",
        "I": "1",
        "J": "late",
        "BARE": "shell",
        "K": "default",
    }


def test_a_raw_env_file_is_taken_to_the_letter(load):
    files = {
        "compose.yaml": "services: {w: {image: i, env_file: [{path: x.env, format: raw}]}}",
        "x.env": "# c\nA='$B' # x\n",
    }
    assert load(files=files).services["w"]["environment"] == [["A", "'$B' # x"]]


def test_environment_wins_over_env_files_and_later_files_over_earlier_ones(load):
    files = {
        "compose.yaml": """
            services:
              w:
                image: i
                env_file: [a.env, b.env, {path: no.env, required: false}]
                environment: {A: own, SHELL_ONLY: , NOWHERE: }
        """,
        "a.env": "A=a\nB=a\n",
        "b.env": "B=b\n",
    }
    project = load(files=files, environment={"SHELL_ONLY": "s"})
    web = project.services["w"]
    assert web["environment"] == [["B", "b"], ["A", "own"], ["SHELL_ONLY", "s"], ["NOWHERE", None]]
    assert web["env_file"][2] == {"path": "/p/no.env", "required": False}
    assert project.mark("services", "w", "environment", "B") == ("/p/b.env", 1, 1)


@pytest.mark.parametrize("text", ["a b=c", "=x", "A='open", 'A="x" y', "A=$"])
def test_a_line_of_an_env_file_that_makes_no_sense_is_an_error(wrong, text):
    files = {"compose.yaml": "services: {w: {image: i, env_file: x.env}}", "x.env": f"\n{text}\n"}
    (found,) = wrong(files=files)
    assert (found.code, found.mark) == ("env-file", ("/p/x.env", 2, 1))


PROFILES = "services: {a: {image: i}, b: {image: i, profiles: [dev]}, c: {image: i, profiles: [x]}}"


@pytest.mark.parametrize(
    ("profiles", "environment", "names"),
    [
        ((), {}, "a"),
        (("dev",), {}, "ab"),
        (("*",), {}, "abc"),
        ((), {"COMPOSE_PROFILES": "dev, x"}, "abc"),
    ],
)
def test_profiles_choose_services(load, profiles, environment, names):
    assert list(load(PROFILES, profiles=profiles, environment=environment).services) == list(names)


def test_a_dependency_whose_profile_is_not_active_says_which(wrong):
    (found,) = wrong("services: {a: {image: i, depends_on: [b]}, b: {image: i, profiles: [dev]}}")
    assert "--profile dev" in found.hint.render("en")


@pytest.mark.parametrize(
    ("text", "options", "name"),
    [
        ("", {}, "p"),
        ("name: written", {}, "written"),
        ("name: written", {"environment": {"COMPOSE_PROJECT_NAME": "env"}}, "env"),
        ("name: written", {"project_name": "asked"}, "asked"),
        ("", {"project_directory": "/My.App_1"}, "myapp_1"),
    ],
)
def test_the_project_has_a_name(load, text, options, name):
    assert load(f"{text}\nservices: {{a: {{image: i}}}}", **options).name == name


@pytest.mark.parametrize("version", ["'2'", "'2.4'", "3", "'3.8'", "3.9", "'3'"])
def test_any_version_is_read_and_forgotten(load, version):
    assert "version" not in load(f"version: {version}\nservices: {{a: {{image: i}}}}").document


class TestDefaultFiles:
    @pytest.mark.parametrize(
        ("there", "found"),
        [
            (["compose.yaml", "compose.yml", "docker-compose.yml"], ["compose.yaml"]),
            (["compose.yml", "compose.override.yml"], ["compose.yml", "compose.override.yml"]),
            (["docker-compose.yml", "docker-compose.override.yml"],
             ["docker-compose.yml", "docker-compose.override.yml"]),
            (["docker-compose.yaml"], ["docker-compose.yaml"]),
        ],
    )  # fmt: skip
    def test_are_found_with_their_override(self, tmp_path, there, found):
        for name in there:
            (tmp_path / name).write_text("services: {}")
        assert compose.discover(str(tmp_path)) == [f"{tmp_path}/{name}" for name in found]

    def test_are_looked_for_in_the_parents_too(self, tmp_path):
        (tmp_path / "compose.yaml").write_text("services: {a: {image: i}}")
        (tmp_path / "sub" / "deep").mkdir(parents=True)
        assert compose.discover(str(tmp_path / "sub" / "deep")) == [f"{tmp_path}/compose.yaml"]

    def test_may_be_named_by_the_environment(self, tmp_path):
        found = compose.discover(str(tmp_path), {"COMPOSE_FILE": "a.yml:/b.yml"})
        assert found == [f"{tmp_path}/a.yml", "/b.yml"]

    def test_missing_ones_are_one_clear_sentence(self):
        with pytest.raises(compose.ComposeError, match="no Compose file"):
            compose.discover("/proc/self/fdinfo/none")


def test_a_directory_in_place_of_a_file_is_one_clear_sentence(tmp_path):
    with pytest.raises(compose.ComposeError, match="cannot be read"):
        compose.load(tmp_path)
