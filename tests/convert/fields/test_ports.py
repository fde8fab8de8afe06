"""``ports`` ⇄ portMappings"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize(
    ("written", "mapping", "again"),
    [
        ("'80'", {"containerPort": 80}, {"target": 80}),
        ("8080:80", {"containerPort": 80, "hostPort": 8080}, {"target": 80, "published": "8080"}),
        (
            "53:53/udp",
            {"containerPort": 53, "hostPort": 53, "protocol": "udp"},
            {"target": 53, "published": "53", "protocol": "udp"},
        ),
        (
            "{target: 80, published: '0', protocol: TCP}",
            {"containerPort": 80, "hostPort": 0, "protocol": "tcp"},
            {"target": 80, "published": "0", "protocol": "tcp"},
        ),
        (
            "{target: 80, published: '', name: web, app_protocol: http2}",
            {"containerPort": 80, "name": "web", "appProtocol": "http2"},
            {"target": 80, "name": "web", "app_protocol": "http2"},
        ),
    ],
)
def test_a_port_is_a_mapping(written, mapping, again):
    trip = ServiceTrip(f"ports: [{written}]")
    assert trip.container == {"portMappings": [mapping]}
    assert trip.service == {"ports": [again]}
    assert trip.said == []


def test_a_range_is_one_mapping_for_each():
    trip = ServiceTrip("ports: ['9000-9001:80-81']")
    assert trip.container == {
        "portMappings": [
            {"containerPort": 80, "hostPort": 9000},
            {"containerPort": 81, "hostPort": 9001},
        ]
    }


def test_ports_keep_their_order_and_none_is_a_value():
    assert ServiceTrip("ports: []").container == {"portMappings": []}
    trip = ServiceTrip("ports: ['81', '80']")
    assert [one["containerPort"] for one in trip.container["portMappings"]] == [81, 80]


@pytest.mark.parametrize(
    ("written", "code", "fidelity", "below"),
    [
        ("'127.0.0.1:80:80'", "ports-host-ip", "dropped", ".host_ip"),
        ("'8000-8010:80'", "ports-published-range", "adapted", ".published"),
        ("{target: 80, mode: host}", "ports-mode", "adapted", ".mode"),
        ("{target: 80, name: a, app_protocol: ws}", "ports-app-protocol", "dropped",
         ".app_protocol"),
        ("{target: 80, app_protocol: http}", "ports-unnamed", "dropped", ""),
        ("80/sctp", "ports-protocol", "dropped", ""),
    ],
)  # fmt: skip
def test_what_has_no_form_is_named_at_its_line(written, code, fidelity, below):
    trip = ServiceTrip(f"ports:\n  - '1:1'\n  - {written}")
    assert trip.where(code) == (fidelity, 7, f"services.web.ports[1]{below}")


def test_a_range_of_ecs_is_written_out_and_kept():
    service = from_ecs(portMappings=[{"containerPortRange": "80-82", "protocol": "tcp"}])
    assert [one["target"] for one in service["ports"]] == [80, 81, 82]
    assert service["x-ecs"] == {
        "portMappings": [{"protocol": "tcp", "containerPortRange": "80-82"}]
    }


def test_a_very_long_range_is_only_kept():
    service = from_ecs(portMappings=[{"containerPortRange": "1-65535"}])
    assert service == {"x-ecs": {"portMappings": [{"containerPortRange": "1-65535"}]}}
