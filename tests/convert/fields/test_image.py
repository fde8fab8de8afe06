"""``image`` and ``build``: ECS runs images and builds none"""

import pytest

from tests.convert.trips import Trip

TEXT = """
name: shop
services:
  web:
    {keys}
    mem_limit: 64m
"""


@pytest.mark.parametrize(
    "image", ["nginx", "nginx:1.27", "r.example:5000/a/b:t", "a@sha256:" + "0" * 64]
)
def test_an_image_is_the_same_on_both_sides(image):
    trip = Trip(TEXT.format(keys=f"image: {image}"))
    assert trip.task["containerDefinitions"][0]["image"] == image
    assert trip.document["services"]["web"]["image"] == image
    assert trip.said == []


@pytest.mark.parametrize(
    ("keys", "image"),
    [
        ("build: .", "shop-web"),
        ("build: {context: ., target: x}", "shop-web"),
        ("{build: ., image: r/w}", "r/w"),
    ],
)
def test_a_build_gets_the_name_docker_compose_gives_it_and_has_to_be_pushed(keys, image):
    keys = keys.strip("{}").replace(", image", "\n    image") if "r/w" in keys else keys
    trip = Trip(TEXT.format(keys=keys))
    assert trip.task["containerDefinitions"][0]["image"] == image
    assert trip.where("build") == ("dropped", 5, "services.web.build")
    (said,) = trip.said
    assert image in str(said.message)
    assert "push" in str(said.hint)
