"""The picture of a cluster as SVG: read back with an XML parser."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from ecslab.diagram import render_svg
from ecslab.model.snapshot import (
    ContainerView,
    DeploymentView,
    InstanceView,
    LoadBalancerView,
    ServiceView,
    Snapshot,
    TargetView,
    TaskView,
)

SVG = "{http://www.w3.org/2000/svg}"
ONE = InstanceView(
    "c1", "i-0one", cpu=1024, memory=993, cpu_free=768, memory_free=865, ports=(80, 8080)
)
TWO = InstanceView("c2", "i-0two", cpu=1024, memory=993, cpu_free=1024, memory_free=993)
WEB = ServiceView("web", desired=1, running=1)


def task(name: str = "t1", status: str = "RUNNING", **more: object) -> TaskView:
    given = {"instance": "c1", "containers": (ContainerView("nginx", "nginx:alpine", "RUNNING"),)}
    return TaskView(name, "nginx:1", status, **{**given, **more})  # type: ignore[arg-type]  # any field


def cluster(*tasks: TaskView, **more: object) -> Snapshot:
    given = {"instances": (ONE, TWO), "tasks": tasks, "at": 1000.0}
    return Snapshot("demo", **{**given, **more})  # type: ignore[arg-type]  # any field


def draw(snapshot: Snapshot, lang: str = "en", theme: str = "auto") -> ET.Element:
    return ET.fromstring(render_svg(snapshot, lang=lang, theme=theme))


def part(picture: ET.Element, name: str) -> ET.Element:
    found = [e for e in picture.iter() if e.get("id") == name]
    assert len(found) == 1, f"{name}: {len(found)}"
    return found[0]


def words(element: ET.Element) -> str:
    return " ".join(t for t in element.itertext() if t)


def rect(element: ET.Element) -> tuple[float, float, float, float]:
    box = next(e for e in element.iter(f"{SVG}rect"))
    x, y, w, h = (float(box.get(k, "0")) for k in ("x", "y", "width", "height"))
    return x, y, w, h


def test_it_is_an_image_whose_label_says_what_is_to_be_seen() -> None:
    picture = draw(cluster(task(), task("t2", "PENDING")))
    assert picture.get("role") == "img"
    label = picture.get("aria-label", "")
    assert "demo" in label
    assert "running 1" in label
    assert "waiting 1" in label


def test_the_label_is_in_the_language_asked_for() -> None:
    assert "実行中 1 個" in draw(cluster(task()), "ja").get("aria-label", "")


@pytest.mark.parametrize(
    ("status", "glyph"),
    [("PROVISIONING", "◔"), ("PENDING", "○"), ("RUNNING", "●"), ("STOPPING", "◐")],
)
def test_a_status_is_said_by_glyph_and_word(status: str, glyph: str) -> None:
    shown = words(part(draw(cluster(task(status=status))), "task-t1"))
    assert f"{glyph}  {status}" in shown


def test_every_task_has_a_title() -> None:
    card = part(draw(cluster(task())), "task-t1")
    assert "RUNNING" in (card.findtext(f"{SVG}title") or "")


def test_a_card_lies_inside_the_box_of_its_instance() -> None:
    picture = draw(cluster(task("a"), task("b", instance="c2")))
    boxes = [e for e in picture.iter(f"{SVG}rect") if e.get("class", "").startswith("instance")]
    for name, box in zip(("task-a", "task-b"), boxes, strict=True):
        x, y, w, h = rect(part(picture, name))
        bx, by, bw, bh = (float(box.get(k, "0")) for k in ("x", "y", "width", "height"))
        assert bx <= x
        assert by <= y
        assert x + w <= bx + bw
        assert y + h <= by + bh


def test_the_bars_say_used_and_total_and_the_ports_are_listed() -> None:
    shown = words(part(draw(cluster(task())), "instance-i-0one"))
    assert "256 / 1024" in shown
    assert "128 / 993 MiB" in shown
    assert "80, 8080" in shown


def test_a_booting_instance_is_dashed_and_says_so() -> None:
    booting = InstanceView("i-0new", "i-0new", "BOOTING", connected=False)
    picture = draw(cluster(instances=(booting,)))
    assert "◌  BOOTING" in words(part(picture, "instance-i-0new"))
    assert [e for e in picture.iter() if e.get("class") == "instance dash"]
    assert "One instance is booting" in words(picture)


@pytest.mark.parametrize(
    ("change", "shown"),
    [({"connected": False}, "⚠  agent disconnected"), ({"status": "DRAINING"}, "◐  DRAINING")],
)
def test_a_lost_or_draining_instance_says_so(change: dict[str, object], shown: str) -> None:
    one = replace(ONE, **change)  # type: ignore[arg-type]  # fields by name
    assert shown in words(part(draw(cluster(instances=(one,))), "instance-i-0one"))


def test_a_task_without_an_instance_waits_in_a_lane() -> None:
    picture = draw(cluster(task(instance=None, status="PROVISIONING")))
    lane, card = rect(part(picture, "lane-waiting")), rect(part(picture, "task-t1"))
    assert lane[1] < card[1] < lane[1] + lane[3]


def test_fargate_tasks_stand_in_a_dotted_box() -> None:
    picture = draw(cluster(task(instance=None, launch_type="FARGATE", cpu=256, memory=512)))
    lane = part(picture, "lane-fargate")
    assert "AWS Fargate" in words(lane)
    assert lane[0].get("class") == "lane dot"
    assert "0.25 vCPU · 512 MiB" in words(part(picture, "task-t1"))


def test_a_stopped_task_says_why_in_words_and_with_its_exit_code() -> None:
    dead = task(
        status="STOPPED",
        stopped_at=900.0,
        stop_code="EssentialContainerExited",
        stopped_reason="Essential container in task exited",
        containers=(ContainerView("nginx", "nginx:alpine", "STOPPED", exit_code=137),),
    )
    shown = words(part(draw(cluster(dead)), "task-t1"))
    assert "An essential container ended" in shown
    assert "✗  exit 137" in shown
    assert "必須コンテナが終了しました" in words(part(draw(cluster(dead), "ja"), "task-t1"))


def test_a_stopped_task_leaves_the_picture_after_ten_minutes() -> None:
    dead = task(status="STOPPED", stopped_at=399.0)
    assert "task-t1" not in render_svg(cluster(dead))
    assert "task-t1" in render_svg(replace(cluster(dead), at=999.0))


def test_missing_tasks_of_a_service_are_ghosts() -> None:
    wanting = replace(WEB, desired=3)
    picture = draw(cluster(task(service="web"), services=(wanting,)))
    ghosts = [e for e in picture.iter() if (e.get("id") or "").startswith("missing-")]
    assert len(ghosts) == 2
    assert all("◌ missing" in words(ghost) for ghost in ghosts)


def test_many_missing_tasks_share_their_last_ghost() -> None:
    picture = draw(cluster(services=(replace(WEB, desired=100),)))
    ghosts = [e for e in picture.iter() if (e.get("id") or "").startswith("missing-")]
    assert len(ghosts) == 8
    assert "93 missing" in words(ghosts[-1])


def test_a_service_is_named_in_the_legend_with_its_glyph() -> None:
    picture = draw(cluster(task(service="web"), services=(WEB,)))
    entry = words(part(picture, "service-web"))
    assert "◆" in entry
    assert "1 of 1 running" in entry
    assert "◆ nginx:1" in words(part(picture, "task-t1"))


OLD = DeploymentView("ecs-svc/1", "ACTIVE", "nginx:1", running=2, rollout="COMPLETED")
NEW = DeploymentView("ecs-svc/2", "PRIMARY", "nginx:2", desired=2, running=1, pending=1, failed=3)
ROLLING = ServiceView("web", desired=2, running=3, definition="nginx:2", deployments=(NEW, OLD))


def header(picture: ET.Element, name: str) -> ET.Element:
    return next(part(picture, name).iter(f"{SVG}path"))


def test_while_a_service_rolls_its_deployments_stand_side_by_side_old_before_new() -> None:
    new = replace(NEW, rollout="IN_PROGRESS")
    picture = draw(cluster(services=(replace(ROLLING, deployments=(new, OLD)),)))
    old_box, new_box = (part(picture, f"deployment-web_ecs-svc.2f.{n}") for n in (1, 2))
    assert rect(old_box)[0] + rect(old_box)[2] < rect(new_box)[0]
    assert rect(old_box)[1] == rect(new_box)[1]
    assert "old nginx:1: 2 running" in words(old_box)
    said = "new nginx:2: ◔ in progress · 1 of 2 running · 3 failed"
    assert said in words(new_box)


def test_a_deployment_that_is_given_up_says_so() -> None:
    failed = replace(NEW, rollout="FAILED")
    picture = draw(cluster(services=(replace(ROLLING, deployments=(failed, OLD)),)))
    assert "✗ given up" in words(picture)


def test_one_deployment_alone_is_not_drawn() -> None:
    steady = replace(WEB, deployments=(NEW,))
    assert "deployment-" not in render_svg(cluster(task(service="web"), services=(steady,)))


def test_the_picture_is_high_enough_for_the_deployments() -> None:
    picture = draw(cluster(services=(ROLLING, replace(WEB, name="zoo"))))
    high = float(picture.get("height", "0"))
    boxes = [e for e in picture.iter() if (e.get("id") or "").startswith("deployment-")]
    assert all(rect(box)[1] + rect(box)[3] < high for box in boxes)
    lowest = max(rect(box)[1] + rect(box)[3] for box in boxes)
    assert rect(part(picture, "service-zoo"))[1] >= lowest


def test_old_and_new_tasks_are_told_apart_by_a_word_and_by_an_outline() -> None:
    picture = draw(cluster(task("a", service="web"), task("b", service="web"), services=(WEB,)))
    assert header(picture, "task-a").get("class") == "h0"
    assert " old" not in words(part(picture, "task-a"))
    a, b = task("a", service="web"), replace(task("b", service="web"), definition="nginx:2")
    picture = draw(cluster(a, b, services=(ROLLING,)))
    assert "nginx:1 old" in words(part(picture, "task-a"))
    assert "nginx:2 new" in words(part(picture, "task-b"))
    assert [header(picture, f"task-{n}").get("class") for n in "ab"] == ["chip", "h0"]


def test_the_same_definition_deployed_again_is_told_apart_by_who_started_the_task() -> None:
    again = replace(ROLLING, definition="nginx:1", deployments=(
        replace(NEW, definition="nginx:1"), OLD))  # fmt: skip
    a, b = (task(n, service="web", started_by=f"ecs-svc/{k}") for n, k in (("a", 1), ("b", 2)))
    picture = draw(cluster(a, b, services=(again,)))
    assert "nginx:1 old" in words(part(picture, "task-a"))
    assert "nginx:1 new" in words(part(picture, "task-b"))


def test_in_a_crowd_old_tiles_are_outlined() -> None:
    many = [task(f"t{n}", service="web") for n in range(300)]
    many += [replace(task(f"u{n}", service="web"), definition="nginx:2") for n in range(300)]
    picture = draw(cluster(*many, services=(ROLLING,)))
    kinds = [next(part(picture, n).iter(f"{SVG}rect")).get("class") for n in ("task-t0", "task-u0")]
    assert kinds == ["card", "h0"]


def test_lines_lead_from_a_load_balancer_to_healthy_targets_only() -> None:
    targets = (TargetView("t1", "a", "healthy"), TargetView("t2", "b", "unhealthy"))
    picture = draw(
        cluster(task(), task("t2"), load_balancers=(LoadBalancerView("lb", targets=targets),))
    )
    wires = [e.get("id") for e in picture.iter(f"{SVG}path") if e.get("class") == "wire"]
    assert wires == ["wire-lb_t1"]
    assert "✓ 1 healthy · ✗ 1 not healthy" in words(part(picture, "load-balancer-lb"))


def test_a_target_that_is_checked_or_drained_is_not_called_unhealthy() -> None:
    targets = tuple(TargetView(None, "a", state) for state in ("initial", "draining", "draining"))
    picture = draw(cluster(load_balancers=(LoadBalancerView("lb", targets=targets),)))
    shown = words(part(picture, "load-balancer-lb"))
    assert "✓ 0 healthy · ○ 1 initial · ◐ 2 draining" in shown


@pytest.mark.parametrize(("code", "glyph"), [(0, "■"), (143, "■"), (1, "✗"), (137, "✗")])
def test_a_container_that_ended_as_it_was_asked_is_no_failure(code: int, glyph: str) -> None:
    ended = ContainerView("nginx", "nginx:alpine", "STOPPED", exit_code=code)
    dead = task(status="STOPPED", stopped_at=900.0, containers=(ended,))
    assert f"{glyph}  exit {code}" in words(part(draw(cluster(dead)), "task-t1"))


def test_a_simulated_cluster_says_so_in_picture_and_label() -> None:
    picture = draw(cluster(simulated=True))
    assert "simulated" in words(picture)
    assert "simulated" in picture.get("aria-label", "")
    assert "simulated" not in render_svg(cluster(), lang="en")


def test_a_missing_cluster_is_explained() -> None:
    assert "lab.create_cluster()" in words(draw(Snapshot("demo", "MISSING")))


def test_an_empty_cluster_is_explained() -> None:
    assert "No container instances" in words(draw(Snapshot("demo")))


HOSTILE = "</title><script>alert(1)</script>\"'&\x00\x1b\ud800"


def test_hostile_names_stay_text() -> None:
    snapshot = Snapshot(
        HOSTILE,
        region=HOSTILE,
        instances=(replace(ONE, ec2_id=HOSTILE, instance_type=HOSTILE),),
        tasks=(
            task(
                HOSTILE,
                HOSTILE,
                service=HOSTILE,
                stopped_reason=HOSTILE,
                containers=(ContainerView(HOSTILE, HOSTILE, HOSTILE, ports=(HOSTILE,)),),
            ),
        ),
        services=(ServiceView(HOSTILE, desired=2),),
        load_balancers=(LoadBalancerView(HOSTILE, HOSTILE, HOSTILE),),
    )
    text = render_svg(snapshot, lang="ja")
    assert not list(ET.fromstring(text).iter(f"{SVG}script"))
    text.encode()


def test_only_web_addresses_become_links() -> None:
    container = ContainerView("nginx", "nginx", "RUNNING", ports=("80→80/tcp",))
    good = task(url="http://127.0.1.1:80/", containers=(container,))
    assert 'href="http://127.0.1.1:80/"' in render_svg(cluster(good))
    assert "<a " not in render_svg(cluster(replace(good, url="javascript:alert(1)")))


def test_ids_are_unique_even_for_names_that_look_alike() -> None:
    services = tuple(ServiceView(name, desired=1) for name in ("a.b", "a b", "a-b"))
    ids = [e.get("id") for e in draw(cluster(services=services)).iter() if e.get("id")]
    assert len(ids) == len(set(ids))


def test_the_order_of_the_parts_does_not_move_the_picture() -> None:
    tasks = [task(f"t{n}", created_at=float(n)) for n in range(5)]
    there = cluster(*tasks)
    back = replace(there, tasks=tuple(reversed(tasks)), instances=(TWO, ONE))
    assert render_svg(there) == render_svg(back)


def test_a_card_stays_where_it_is_when_its_status_changes() -> None:
    before, after = (
        rect(part(draw(cluster(task("a"), task("b", status))), "task-b"))
        for status in ("PENDING", "RUNNING")
    )
    assert before == after


def test_an_instance_keeps_its_place_when_it_joins() -> None:
    booting = InstanceView("i-0one", "i-0one", "BOOTING", connected=False)
    places = []
    for one in (booting, ONE):
        boxes = draw(cluster(instances=(one, TWO))).iter(f"{SVG}rect")
        places += [(b.get("x"), b.get("width")) for b in boxes if "instance" in b.get("class", "")][
            :1
        ]
    assert places[0] == places[1]


def test_the_clock_alone_changes_nothing() -> None:
    assert render_svg(cluster(task())) == render_svg(replace(cluster(task()), at=1001.0))


def test_waiting_tasks_breathe_only_where_motion_is_welcome() -> None:
    text = render_svg(cluster(task(status="PENDING")))
    assert 'class="breathe"' in text
    assert "prefers-reduced-motion:no-preference" in text
    assert 'class="breathe"' not in render_svg(cluster(task()))


def test_auto_follows_jupyterlab_and_a_file_has_its_own_colours() -> None:
    assert "var(--jp-" in render_svg(cluster())
    assert "var(" not in render_svg(cluster(), theme="light")
    assert render_svg(cluster(), theme="light") != render_svg(cluster(), theme="dark")


@pytest.mark.parametrize("wrong", [{"lang": "fr"}, {"theme": "pink"}])
def test_another_language_or_theme_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="must be one of"):
        render_svg(cluster(), **wrong)


def test_above_five_hundred_tasks_cards_become_tiles_with_a_key() -> None:
    many = [task(f"t{n}", "PENDING" if n % 2 else "RUNNING") for n in range(502)]
    picture = draw(cluster(*many))
    assert rect(part(picture, "task-t0"))[2] < 30
    assert "251 PENDING" in words(part(picture, "cluster-demo"))


def test_a_task_on_an_unknown_instance_is_not_lost() -> None:
    picture = draw(cluster(task(instance="gone")))
    part(picture, "lane-elsewhere")
    part(picture, "task-t1")


def test_many_containers_are_counted() -> None:
    containers = tuple(ContainerView(f"c{n}", "x", "RUNNING") for n in range(9))
    shown = words(part(draw(cluster(task(containers=containers))), "task-t1"))
    assert "and 4 more containers" in shown
