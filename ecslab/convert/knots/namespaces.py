"""Namespaces of the task: network, processes, IPC. ECS has one word for all containers."""

from __future__ import annotations

from typing import Any

from ecslab.convert.trip import Return, Trip
from ecslab.locale import translator

_ = translator("convert")

_PLURAL = {"networkMode": "network_mode", "pidMode": "pid", "ipcMode": "ipc"}


def network_there(services: dict[str, Any], trip: Trip) -> None:
    """The same word on every service is the task's; sharing one's network is awsvpc."""
    words = _words(services, "network_mode", trip)
    if not _whole(words, services, "networkMode", ("host", "none", "bridge"), trip):
        _shared(words, services, "networkMode", "awsvpc", trip)
    for name, word in words.items():
        trip.enter(name, "network_mode")
        if word == "bridge":
            trip.adapted(
                "network-bridge",
                _("bridge is what ECS has where nothing is said; if all say it, x-ecs keeps it."),
            )
        elif "networkMode" in trip.task:
            continue
        elif word == "none":
            trip.put("disableNetworking", True)
        else:
            _refused(word, "networkMode", trip)


def namespace_there(key: str, member: str, whole: tuple[str, ...]) -> Any:
    """The reading of ``pid`` and ``ipc``."""

    def there(services: dict[str, Any], trip: Trip) -> None:
        words = _words(services, key, trip)
        if _whole(words, services, member, whole, trip):
            return
        kept = {name: word for name, word in words.items() if word not in ("shareable", "private")}
        if kept and _shared(kept, services, member, "task", trip):
            return
        for name, word in words.items():
            trip.enter(name, key)
            _refused(word, member, trip)

    return there


def _words(services: dict[str, Any], key: str, trip: Trip) -> dict[str, str]:
    return {
        name: service[key]
        for name, service in services.items()
        if name in trip.containers and isinstance(service.get(key), str)
    }


def _whole(
    words: dict[str, str], services: dict[str, Any], member: str, known: tuple[str, ...], trip: Trip
) -> bool:
    """Whether all services say the same word, which is then the task's."""
    values = set(words.values())
    if len(words) != len(trip.containers) or len(values) != 1 or not values <= set(known):
        return False
    key = _PLURAL[member]
    trip.put_task(member, values.pop(), [("services", name, key) for name in words])
    return True


def _shared(
    words: dict[str, str], services: dict[str, Any], member: str, mode: str, trip: Trip
) -> bool:
    """Whether all services but one share the namespace of that one."""
    owners = {word for word in words.values() if word.startswith("service:")}
    if len(owners) != 1 or len(owners) != len(set(words.values())):
        return False
    owner = owners.pop().removeprefix("service:")
    if {*words, owner} != set(trip.containers):
        return False
    key = _PLURAL[member]
    trip.put_task(member, mode, [("services", name, key) for name in words])
    for name in words:
        trip.enter(name, key)
        trip.adapted(
            "namespace-shared",
            _("All containers share what {owner} has: {member} {mode}.",
              owner=owner, member=member, mode=mode),
        )  # fmt: skip
    return True


def _refused(word: str, member: str, trip: Trip) -> None:
    trip.dropped(
        "namespace",
        _("ECS has one {member} for the whole task; {word} on some services is none.",
          member=member, word=word),
        _("Write it on every service, or x-ecs: {{{member}: …}} at the top level.", member=member),
    )  # fmt: skip


def network_back(task: dict[str, Any], back: Return) -> None:
    """Host and none on every service; a container without a network says none."""
    mode = task.get("networkMode")
    containers = {one["name"]: one for one in task["containerDefinitions"]}
    for name, service in back.services.items():
        if mode in ("host", "none"):
            service["network_mode"] = mode
        elif containers[name].get("disableNetworking"):
            service["network_mode"] = "none"


def namespace_back(key: str, member: str, whole: tuple[str, ...]) -> Any:
    """The writing of ``pid`` and ``ipc``."""

    def back(task: dict[str, Any], back: Return) -> None:
        if task.get(member) in whole:
            for service in back.services.values():
                service[key] = task[member]

    return back


def platform_there(services: dict[str, Any], trip: Trip) -> None:
    """The same platform on every service that says one."""
    words = _words(services, "platform", trip)
    for name, word in words.items():
        trip.enter(name, "platform")
        if word not in PLATFORMS:
            trip.dropped(
                "platform",
                _("ECS runs linux/amd64 and linux/arm64 by that word, not {platform}.",
                  platform=word),
                _("Write x-ecs: {runtimePlatform: …} at the top level."),
            )  # fmt: skip
        elif word not in _PLATFORM_OF.values():
            trip.adapted(
                "platform-name", _("{platform} comes back by its other name.", platform=word)
            )
    known = {name: PLATFORMS[word] for name, word in words.items() if word in PLATFORMS}
    if len(set(known.values())) > 1:
        for name in known:
            trip.enter(name, "platform")
            trip.dropped("platform", _("All containers of a task run on one platform."))
        return
    for name, architecture in known.items():
        platform = {"cpuArchitecture": architecture, "operatingSystemFamily": "LINUX"}
        trip.put_task("runtimePlatform", platform, [("services", name, "platform")])
        if len(known) < len(trip.containers):
            trip.enter(name, "platform")
            trip.adapted(
                "platform-all",
                _("A platform is the whole task's: it comes back on every service."),
            )


PLATFORMS = {"linux/amd64": "X86_64", "linux/x86_64": "X86_64", "linux/arm64": "ARM64",
             "linux/arm64/v8": "ARM64", "linux/aarch64": "ARM64"}  # fmt: skip
_PLATFORM_OF = {"X86_64": "linux/amd64", "ARM64": "linux/arm64"}


def platform_back(task: dict[str, Any], back: Return) -> None:
    """``linux/…`` on every service."""
    platform = task.get("runtimePlatform") or {}
    if platform.get("operatingSystemFamily", "LINUX") != "LINUX":
        return
    word = _PLATFORM_OF.get(platform.get("cpuArchitecture", ""))
    if word:
        for service in back.services.values():
            service["platform"] = word
