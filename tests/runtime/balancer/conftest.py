from collections.abc import Iterator

import pytest

from tests.runtime.balancer.scene import Scene


@pytest.fixture
def scene() -> Iterator[Scene]:
    """A load balancer that sends everything to the group `web`."""
    scene = Scene()
    scene.configure()
    yield scene
    scene.end()
