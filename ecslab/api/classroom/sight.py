"""Answers without what is others': the items of lists that carry another's prefix are left out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from typing import Any
from xml.etree import ElementTree

_ECS_LISTS = {
    "ListClusters": "clusterArns",
    "ListTaskDefinitions": "taskDefinitionArns",
    "ListTaskDefinitionFamilies": "families",
    "ListServicesByNamespace": "serviceArns",
}
"""Lists of ECS that hold everybody's; of these only what is the learner's own is left."""
_ITEMS = ("item", "member")
HIDDEN = "another-learner"
"""Stands for a prefix that is left in something one may see."""


class Sight:
    """What one learner sees. `own` is the prefix, `others` everybody else's."""

    def __init__(self, own: str, others: Collection[str]) -> None:
        self._own = own
        self._foreign = re.compile("|".join(map(re.escape, others)) or r"(?!)")

    def ecs(self, operation: str, body: bytes, is_own: Callable[[str], bool]) -> bytes:
        """An answer of ECS."""
        listed = _ECS_LISTS.get(operation)
        if listed is None:
            return self.neighbour(body)
        told = json.loads(body)
        told[listed] = [one for one in told.get(listed, ()) if is_own(one)]
        return json.dumps(told).encode()

    def neighbour(self, body: bytes) -> bytes:
        """An answer of another service: what carries nobody's prefix stays, it is for all."""
        text = body.decode("utf-8", "replace")
        if not self._foreign.search(text):
            return body
        if text.lstrip()[:1] in ("{", "["):
            text = json.dumps(self._json(json.loads(text)))
        elif text.lstrip().startswith("<"):
            text = self._xml(text)
        return self._foreign.sub(HIDDEN, text).encode()

    def _gone(self, text: str) -> bool:
        return bool(self._foreign.search(text)) and self._own not in text

    def _json(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._json(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._json(one) for one in value if not self._gone(json.dumps(one))]
        return value

    def _xml(self, text: str) -> str:
        root = ElementTree.fromstring(text)
        space = root.tag.partition("}")[0].lstrip("{") if root.tag.startswith("{") else ""
        for element in root.iter():
            element.tag = element.tag.rpartition("}")[2]
        if space:
            root.set("xmlns", space)
        self._prune(root)
        return ElementTree.tostring(root, encoding="unicode")

    def _prune(self, element: ElementTree.Element) -> None:
        for child in list(element):
            if child.tag in _ITEMS and self._gone(ElementTree.tostring(child, encoding="unicode")):
                element.remove(child)
            else:
                self._prune(child)
