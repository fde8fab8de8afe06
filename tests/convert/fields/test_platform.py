"""``platform`` ⇄ runtimePlatform"""

import pytest

from tests.convert.trips import Trip, task_from_ecs

TEXT = """
services:
  a: {{image: i, mem_limit: 64m{a}}}
  b: {{image: i, mem_limit: 64m{b}}}
"""


def trip(a, b):
    return Trip(TEXT.format(a=f", platform: {a}" if a else "", b=f", platform: {b}" if b else ""))


@pytest.mark.parametrize(("word", "cpu"), [("linux/amd64", "X86_64"), ("linux/arm64", "ARM64")])
def test_the_same_on_every_service_is_the_tasks(word, cpu):
    made = trip(word, word)
    assert made.task["runtimePlatform"] == {
        "cpuArchitecture": cpu,
        "operatingSystemFamily": "LINUX",
    }
    assert [one["platform"] for one in made.document["services"].values()] == [word, word]
    assert made.said == []


def test_on_one_service_it_is_the_others_too():
    made = trip("linux/arm64", "")
    assert made.document["services"]["b"]["platform"] == "linux/arm64"
    assert made.where("platform-all") == ("adapted", 3, "services.a.platform")


def test_another_name_for_the_same_is_named():
    made = trip("linux/arm64/v8", "linux/arm64")
    assert made.task["runtimePlatform"]["cpuArchitecture"] == "ARM64"
    assert made.where("platform-name") == ("adapted", 3, "services.a.platform")


@pytest.mark.parametrize(
    ("a", "b"), [("linux/amd64", "linux/arm64"), ("windows/amd64", ""), ("linux/riscv64", "")]
)
def test_two_platforms_or_an_unknown_one_are_lost(a, b):
    made = trip(a, b)
    assert "runtimePlatform" not in made.task
    assert made.where("platform") == ("dropped", 3, "services.a.platform")


@pytest.mark.parametrize(
    ("platform", "kept"),
    [
        ({"cpuArchitecture": "ARM64"}, {"runtimePlatform": {"operatingSystemFamily": None}}),
        (
            {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE", "cpuArchitecture": "X86_64"},
            {
                "runtimePlatform": {
                    "cpuArchitecture": "X86_64",
                    "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE",
                }
            },
        ),
        ({}, {"runtimePlatform": {}}),
    ],
)
def test_what_is_missing_or_windows_stands_in_ecs_own_words(platform, kept):
    assert task_from_ecs(runtimePlatform=platform)["x-ecs"] == kept
