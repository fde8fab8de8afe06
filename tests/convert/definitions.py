"""Hypothesis strategies for legal task definitions, made from botocore's shape.

What is legal beyond the shape (names, limits, references) is stated here once more, from the ECS
API reference; nothing is shared with the converter.
"""

from functools import cache

import botocore.session
from hypothesis import strategies as st

NAMES = st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True)
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
PORTS = st.integers(1, 65535)

BOUNDS = {
    "cpu": st.integers(0, 4096),
    "memory": st.integers(6, 8192),
    "memoryReservation": st.integers(6, 8192),
    "containerPort": PORTS,
    "hostPort": st.just(0) | PORTS,
    "containerPortRange": st.builds(
        lambda first, more: f"{first}-{first + more}", st.integers(1, 60000), st.integers(1, 120)
    ),
    "interval": st.integers(5, 300),
    "timeout": st.integers(2, 60),
    "retries": st.integers(1, 10),
    "startPeriod": st.integers(0, 300),
    "restartAttemptPeriod": st.integers(60, 1800),
    "ignoredExitCodes": st.lists(st.integers(0, 255), max_size=3),
    "swappiness": st.integers(0, 100),
    "sharedMemorySize": st.integers(1, 4096),
    "size": st.integers(1, 4096),
    "image": st.from_regex(r"[a-z0-9][a-z0-9./-]{0,20}(:[a-z0-9.-]{1,8})?", fullmatch=True),
    "sourcePath": st.from_regex(r"(/[A-Za-z0-9_.$ -]{1,6}){1,3}", fullmatch=True) | TEXT,
    "command": st.lists(st.sampled_from(["CMD", "CMD-SHELL"]) | TEXT, max_size=4),
}
"""Values of members whose range is narrower than the shape's."""


@cache
def shape():
    service = botocore.session.get_session().get_service_model("ecs")
    return service.operation_model("RegisterTaskDefinition").input_shape


_MADE = {}


def values(shape, name=""):
    """Any value of a shape; required members are always there. Made once: making takes longest."""
    key = (shape.name, name if name in BOUNDS else "")
    if key not in _MADE:
        _MADE[key] = _values(shape, name)
    return _MADE[key]


def _values(shape, name):
    if name in BOUNDS:
        return BOUNDS[name]
    if shape.type_name == "structure":
        return structures(shape)
    if shape.type_name == "list":
        return st.lists(values(shape.member), max_size=3)
    if shape.type_name == "map":
        return st.dictionaries(values(shape.key), values(shape.value), max_size=3)
    if shape.type_name == "boolean":
        return st.booleans()
    if shape.type_name == "integer":
        return st.integers(0, 10_000)
    return st.sampled_from(shape.enum) if shape.enum else TEXT


@st.composite
def structures(draw, shape, leave=()):
    made = {}
    for name, member in shape.members.items():
        if name in leave:
            continue
        if name in shape.required_members or draw(st.integers(0, 3)) == 0:
            made[name] = draw(values(member, name))
    return made


def pick(draw, names):
    return draw(st.sampled_from(names))


@st.composite
def containers(draw, name, before, volumes):
    """One container; it may need those `before` it."""
    member = shape().members["containerDefinitions"].member
    made = draw(structures(member, leave=("name", "dependsOn", "links", "mountPoints")))
    made["name"] = name
    made.setdefault("image", draw(BOUNDS["image"]))
    if made.get("memory", 1 << 30) < made.get("memoryReservation", 0):
        made["memoryReservation"] = made["memory"]
    if not made.keys() & {"memory", "memoryReservation"}:
        made["memory"] = draw(BOUNDS["memory"])
    if "healthCheck" in made and not made["healthCheck"]["command"]:
        made["healthCheck"]["command"] = ["CMD", "true"]
    for port in made.get("portMappings", ()):
        if "appProtocol" in port:
            port.setdefault("name", "web")
        if "containerPortRange" in port:
            port.pop("containerPort", None)
            port.pop("hostPort", None)
        else:
            port.setdefault("containerPort", 80)
    for source in made.get("volumesFrom", ()):
        source["sourceContainer"] = pick(draw, [name, *before])
    if volumes and draw(st.booleans()):
        made["mountPoints"] = draw(
            st.lists(
                st.fixed_dictionaries(
                    {"sourceVolume": st.sampled_from(volumes), "containerPath": TEXT},
                    optional={"readOnly": st.booleans()},
                ),
                max_size=4,
            )
        )
    if before and draw(st.booleans()):
        made["links"] = draw(
            st.lists(st.sampled_from([*before, *(f"{one}:alias" for one in before)]), max_size=2)
        )
    return made


@st.composite
def volume_lists(draw):
    member = shape().members["volumes"].member
    kinds = [name for name in member.members if name not in ("name", "configuredAtLaunch")]
    made = []
    for name in draw(st.lists(NAMES | st.sampled_from(["volume-1", "volume-2"]), max_size=4,
                              unique=True)):  # fmt: skip
        volume = {"name": name}
        kind = draw(st.sampled_from([None, *kinds]))
        if kind:
            volume[kind] = draw(values(member.members[kind], kind))
        if draw(st.integers(0, 5)) == 0:
            volume["configuredAtLaunch"] = draw(st.booleans())
        made.append(volume)
    return made


def wait(draw, containers, index):
    """Dependencies on earlier containers, as ECS allows them."""
    made = []
    for other in containers[:index]:
        if draw(st.booleans()):
            conditions = ["START"]
            if "healthCheck" in other:
                conditions.append("HEALTHY")
            if other.get("essential") is False:
                conditions += ["SUCCESS", "COMPLETE"]
            made.append({"containerName": other["name"], "condition": pick(draw, conditions)})
    return made


@st.composite
def task_definitions(draw):
    """Any legal definition."""
    leave = ("family", "containerDefinitions", "volumes", "cpu", "memory")
    made = draw(structures(shape(), leave=leave))
    if draw(st.booleans()):
        made["cpu"], made["memory"] = draw(st.sampled_from([("256", "512"), ("1 vCPU", "2GB")]))
    made["family"] = draw(NAMES)
    if draw(st.booleans()):
        made["volumes"] = draw(volume_lists())
    volumes = [one["name"] for one in made.get("volumes", ())]
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    made["containerDefinitions"] = []
    for index, name in enumerate(names):
        made["containerDefinitions"].append(draw(containers(name, names[:index], volumes)))
    every = made["containerDefinitions"]
    if all(one.get("essential") is False for one in every):
        every[-1]["essential"] = True
    for index, one in enumerate(every):
        if index and draw(st.booleans()):
            one["dependsOn"] = wait(draw, every, index)
    suit_network(made)
    return made


def suit_network(made):
    """What each network mode allows."""
    mode = made.get("networkMode", "bridge")
    for one in made["containerDefinitions"]:
        if mode != "bridge":
            one.pop("links", None)
        if mode == "awsvpc":
            one.pop("hostname", None)
            one.pop("extraHosts", None)
        if mode == "none":
            one.pop("portMappings", None)
        for port in one.get("portMappings", ()):
            if mode in ("awsvpc", "host") and port.get("hostPort"):
                port["hostPort"] = port["containerPort"]
