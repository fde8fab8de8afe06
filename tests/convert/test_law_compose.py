"""Compose → task definition → Compose: what does not come back as written is named."""

from hypothesis import HealthCheck, assume, given, settings

from ecslab import compose, convert
from tests.convert.projects import projects

SLOW_DATA = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
SIZES = {"mem_limit", "mem_reservation", "memswap_limit", "shm_size"}
TIMES = {"interval", "timeout", "start_period", "stop_grace_period", "window"}
UNITS = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
SECONDS = {"ms": 0.001, "s": 1, "m": 60}


def as_bytes(text):
    number = text.lower().rstrip("b").rstrip("kmg")
    return float(number) * UNITS[text.lower().removeprefix(number)[:1] if text != number else ""]


def as_seconds(text):
    total, number, unit = 0.0, "", ""
    for character in text + "0":
        if unit and not character.isalpha():
            total += float(number) * SECONDS[unit]
            number, unit = "", ""
        if character.isalpha():
            unit += character
        else:
            number += character
    return total


USUAL = {
    "create_host_path": True,
    "required": True,
    "restart": False,
    "external": False,
    "condition": "any",
    "disable": False,
    "published": "",
}
"""What goes without saying (Compose specification)."""
EMPTY = {"bind", "volume", "deploy", "resources", "limits", "reservations", "restart_policy"}
"""What says nothing if nothing is in it."""


def meaning(key, value):
    """A value without the ways of writing it."""
    if key in SIZES and isinstance(value, str):
        return as_bytes(value)
    if key in TIMES and isinstance(value, str):
        return as_seconds(value)
    if isinstance(value, dict):
        made = {name: meaning(name, item) for name, item in value.items()}
        return {
            name: item
            for name, item in made.items()
            if not (item == {} and name in EMPTY)
            and not (name in USUAL and (type(item), item) == (type(USUAL[name]), USUAL[name]))
        }
    return [meaning("", item) for item in value] if isinstance(value, list) else value


def differences(before, after, path=""):
    """The paths at which two documents differ; a list as a whole."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {**before, **after}:
            here = f"{path}.{key}" if path else key
            if key in before and key in after:
                yield from differences(before[key], after[key], here)
            else:
                yield here
    elif before != after:
        yield path


def named(path, said):
    """Whether a diagnostic is about a path, something around it, or an item of the list it is."""
    return any(
        path == one or path.startswith((f"{one}.", f"{one}[")) or one.startswith(f"{path}[")
        or (one.startswith(f"{path}.") and one)
        for one in said
    )  # fmt: skip


def written(document, canonical):
    """The canonical document without the dependencies that links and such imply."""
    made = {**canonical, "services": {}, "volumes": canonical.get("volumes", {})}
    for name, service in canonical["services"].items():
        own = document["services"][name].get("depends_on", ())
        kept = {key: how for key, how in service.get("depends_on", {}).items() if key in own}
        made["services"][name] = {**service, "depends_on": kept}
        if not kept:
            del made["services"][name]["depends_on"]
    return made


NEW = {
    "image": ("build",),
    "mem_limit": ("deploy.resources.limits.memory", ""),
    "mem_reservation": ("deploy.resources.reservations.memory",),
    "cpu_shares": ("cpus", "deploy.resources"),
    "restart": ("deploy.restart_policy",),
    "deploy": ("gpus",),
    "tmpfs": ("volumes",),
}
"""What is written where something else stood: the keys it may come from."""


def explained(path, made):
    """Whether what is new at a path comes of something a diagnostic is about."""
    said = {one.path: one.code for one in made.diagnostics}
    codes = said.values()
    if path == "x-ecs":
        return {"network-bridge", "namespace-shared"} & {*codes}
    if path.endswith(".x-ecs"):
        return {"not-essential", "item-twice"} & {*codes}
    if path.endswith(".volumes") or path.startswith("volumes"):
        return {"volume-unnamed", "volume-name"} & {*codes}
    _services, name, key = path.split(".")[:3]
    if key == "platform":
        return "platform-all" in codes
    starts = tuple(f"services.{name}.{old}".rstrip(".") for old in NEW.get(key, ()))
    return any(one.startswith(starts) for one in said) if starts else False


def converted(document):
    """The project and its task definition; what neither can be made of is no example."""
    try:
        project = compose.canonical(document)
        return project, convert.to_task_definition(project)
    except compose.ComposeError:
        assume(False)
        raise


@SLOW_DATA
@given(projects())
def test_what_does_not_come_back_as_written_is_named(document):
    project, made = converted(document)
    made_document = convert.to_compose(made.value).value
    again = compose.canonical(made_document).document
    said = [one.path for one in made.diagnostics]
    before = meaning("", written(document, project.document))
    after = meaning("", written(made_document, again))
    changed = [path for path in differences(before, after) if not named(path, said)]
    assert [path for path in changed if not explained(path, made)] == []


@SLOW_DATA
@given(projects())
def test_a_second_trip_changes_nothing(document):
    _project, made = converted(document)
    there = convert.to_compose(made.value)
    again = convert.to_task_definition(compose.canonical(there.value))
    assert again.value == made.value
    assert convert.to_compose(again.value).value == there.value


@SLOW_DATA
@given(projects())
def test_whatever_is_said_can_be_said_in_both_languages(document):
    _project, made = converted(document)
    for said in made.diagnostics:
        for text in (said.message, said.hint):
            assert text is None or text.render("ja") != text.render("en")
