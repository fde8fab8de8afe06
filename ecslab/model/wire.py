"""snake_case here, camelCase on the wire: the one mechanical place between them."""

from __future__ import annotations

from functools import lru_cache

# Names in which a capital does not begin a word.
_ODD = {"sizeInGiB": "size_in_gib", "bindIP": "bind_ip"}
_ODD_BACK = {snake: camel for camel, snake in _ODD.items()}


@lru_cache(maxsize=4096)
def snake(camel: str) -> str:
    """``containerInstanceArn`` → ``container_instance_arn``."""
    if camel in _ODD:
        return _ODD[camel]
    return "".join("_" + c.lower() if c.isupper() else c for c in camel)


@lru_cache(maxsize=4096)
def camel(snake: str) -> str:
    """``container_instance_arn`` → ``containerInstanceArn``."""
    if snake in _ODD_BACK:
        return _ODD_BACK[snake]
    head, *rest = snake.split("_")
    return head + "".join(word[:1].upper() + word[1:] for word in rest)
