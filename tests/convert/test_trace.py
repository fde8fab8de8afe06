"""What became what: from each line of the source to the paths of the result."""

from ecslab import convert
from tests.convert.trips import load

TEXT = """\
name: shop
services:
  web:
    image: nginx
    mem_limit: 64m
    dns:
      - 10.0.0.1
      - 10.0.0.2
    volumes:
      - data:/d
      - /srv:/srv
    depends_on:
      db:
        condition: service_started
    x-ecs:
      essential: true
  db:
    image: postgres
    mem_limit: 64m
    ports: ["80-81"]
    container_name: gone
volumes:
  data:
"""


def traced(text=TEXT):
    made = convert.to_task_definition(load(text))
    return {one.source: (one.mark.line if one.mark else None, one.targets) for one in made.trace}


def test_a_key_leads_to_its_member():
    found = traced()
    assert found["services.web.image"] == (4, ("containerDefinitions[0].image",))
    assert found["services.db"] == (17, ("containerDefinitions[1]",))
    assert found["name"] == (1, ("family",))


def test_an_item_leads_to_its_item():
    assert traced()["services.web.dns[1]"] == (8, ("containerDefinitions[0].dnsServers[1]",))


def test_a_mount_leads_to_its_mount_point_and_its_volume():
    assert traced()["services.web.volumes[1]"] == (
        11, ("containerDefinitions[0].mountPoints[1]", "volumes[1]"),
    )  # fmt: skip
    assert traced()["volumes.data"] == (23, ("volumes[0]",))


def test_a_dependency_leads_to_its_item():
    found = traced()["services.web.depends_on.db"]
    assert found == (13, ("containerDefinitions[0].dependsOn[0]",))


def test_a_piece_in_ecs_own_words_leads_to_its_member():
    found = traced()["services.web.x-ecs.essential"]
    assert found == (16, ("containerDefinitions[0].essential",))


def test_one_line_may_become_several_things():
    found = traced()
    assert found["services.db.ports[0]"] == (20, ("containerDefinitions[1].portMappings[0]",))
    assert found["services.db.ports[1]"] == (20, ("containerDefinitions[1].portMappings[1]",))


def test_what_was_lost_leads_nowhere():
    assert "services.db.container_name" not in traced()


def test_it_is_in_the_order_of_the_text():
    lines = [line for line, _targets in traced().values() if line]
    assert lines == sorted(lines)


def test_the_way_back_is_the_same_turned_round():
    there = convert.to_task_definition(load(TEXT))
    back = convert.to_compose(there.value)
    forth = convert.to_task_definition(load(back.text())).trace
    pairs = {(one.source, to) for one in forth for to in one.targets}
    assert {(to, one.source) for one in back.trace for to in one.targets} == pairs
