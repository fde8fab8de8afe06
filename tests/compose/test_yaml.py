"""Scalars, keys and documents as docker compose reads them, not as PyYAML does."""

import pytest


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("No", "No"),
        ("y", "y"),
        ("true", "true"),
        ("22:22", "22:22"),
        ("2024-01-01", "2024-01-01"),
        ("2024-01-01 10:00:00", "2024-01-01 10:00:00"),
        ("1.10", "1.1"),
        ("1.0", "1"),
        ("1e3", "1000"),
        ("010", "8"),
        ("08", "8"),
        ("0o17", "15"),
        ("0x10", "16"),
        ("0b11", "3"),
        ("1_000", "1000"),
        ("-5", "-5"),
        ("+5", "5"),
        ("=", "="),
        (".5", "0.5"),
        ("1.2.3", "1.2.3"),
        ("0.00001", "1e-05"),
        ("12345678901234567890123", "1.2345678901234568e+22"),
        ('"010"', "010"),
        ("'yes'", "yes"),
        ("!!str 010", "010"),
        ("~", None),
        ("", None),
        ("null", None),
        ('""', ""),
    ],
)
def test_an_environment_value_is_read_as_docker_compose_reads_it(service, written, read):
    assert service(f"environment:\n  X: {written}")["environment"] == [["X", read]]


def test_a_label_may_be_called_yes(service):
    assert service("labels: {yes: no}")["labels"] == {"yes": "no"}


@pytest.mark.parametrize("key", ["1", "1.5", "true", "null", "[a]", "{a: b}"])
def test_a_key_that_is_no_text_is_an_error_with_its_place(wrong, key):
    found = wrong(f"services:\n  web:\n    image: i\n    labels:\n      ? {key}\n      : v\n")
    assert found[0].code == "key-type"
    assert found[0].mark[1:] == (5, 9)


def test_a_second_key_is_an_error_that_names_the_first(wrong):
    found = wrong("services:\n  web:\n    image: a\n    image: b\n")
    assert [(p.code, p.mark.line) for p in found] == [("duplicate-key", 4)]
    assert "line 3" in str(found[0].hint.render("en"))


def test_a_merge_key_gives_way_to_what_the_mapping_says(load):
    project = load("""
        x-a: &a {image: a, hostname: h}
        x-b: &b {image: b, user: u}
        services:
          one: {<<: *a, image: own}
          two: {<<: [*a, *b]}
    """)
    assert project.services == {
        "one": {"image": "own", "hostname": "h"},
        "two": {"image": "a", "hostname": "h", "user": "u"},
    }


def test_aliases_share_nothing(load):
    project = load("services:\n  a: &a {image: i, labels: {x: y}}\n  b: *a\n")
    project.services["a"]["labels"]["x"] = "changed"
    assert project.services["b"]["labels"] == {"x": "y"}


def test_an_alias_bomb_is_refused_quickly(wrong):
    lines = ["x-0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"x-{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    assert wrong("\n".join(lines))[-1].code == "alias-bomb"


def test_an_alias_inside_its_own_anchor_is_refused(wrong):
    assert wrong("services: &a\n  web: *a\n")[0].code == "alias-recursive"


def test_an_alias_without_an_anchor_is_refused(wrong):
    assert wrong("services: *nowhere\n")[0].code == "alias-unknown"


@pytest.mark.parametrize("text", ["[" * 5000, "a: " + "{a: " * 5000, "- " * 5000])
def test_absurd_nesting_is_refused(wrong, text):
    assert wrong(text)[0].code in ("nesting", "yaml")


@pytest.mark.parametrize("tag", ["!!python/object:os.system", "!secret", "!!binary", "!!set"])
def test_yaml_tags_are_refused_by_name(wrong, tag):
    found = wrong(f"services:\n  web:\n    image: {tag} x\n")
    assert found[0].code == "yaml-tag"
    assert tag in found[0].message.render("en")


def test_a_byte_order_mark_does_no_harm(load):
    project = load(files={"compose.yaml": b"\xef\xbb\xbfservices: {web: {image: i}}"})
    assert list(project.services) == ["web"]


def test_windows_line_ends_do_no_harm(load):
    project = load(files={"compose.yaml": b"services:\r\n  web:\r\n    image: i\r\n"})
    assert project.services["web"] == {"image": "i"}


@pytest.mark.parametrize("data", [b"services:\n  a: \xff\xfe", "services: {}".encode("utf-16")])
def test_other_encodings_are_refused(wrong, data):
    assert wrong(files={"compose.yaml": data})[0].code == "encoding"


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_an_empty_file_is_refused(wrong, text):
    assert wrong(text)[0].code == "empty-file"


def test_broken_yaml_is_one_sentence_with_its_place(wrong):
    (found,) = wrong("services:\n  web:\n\timage: x\n")
    assert found.code == "yaml"
    assert found.mark.line == 3
    assert "spaces" in found.hint.render("en")


def test_several_documents_in_one_file_are_merged(load):
    project = load("services:\n  a: {image: one}\n---\nservices:\n  a: {hostname: h}\n")
    assert project.services == {"a": {"image": "one", "hostname": "h"}}


def test_without_libyaml_the_same_is_read(load, monkeypatch):
    import yaml

    text = "services:\n  web: {image: i, ports: ['80:80', 22:22], labels: {yes: no}}\n"
    fast = load(text)
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    slow = load(text)
    path = ("services", "web", "ports", 1)
    assert (fast.document, fast.mark(*path)) == (slow.document, slow.mark(*path))
