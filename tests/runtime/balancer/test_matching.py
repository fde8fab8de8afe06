"""Which rule takes a request."""

import pytest

from ecslab.model.traffic import Condition, FixedResponse, Rule
from ecslab.runtime.balancer.matching import Asked, choose, holds


@pytest.mark.parametrize(
    ("condition", "asked", "expected"),
    [
        (Condition("path-pattern", ("/img/*",)), {"path": "/img/a/b.png"}, True),
        (Condition("path-pattern", ("/img/*",)), {"path": "/IMG/a.png"}, False),
        (Condition("path-pattern", ("/img/*",)), {"path": "/img"}, False),
        (Condition("path-pattern", ("/a?c",)), {"path": "/abc"}, True),
        (Condition("path-pattern", ("/a?c",)), {"path": "/ac"}, False),
        (Condition("path-pattern", ("/[ab]",)), {"path": "/a"}, False),
        (Condition("path-pattern", ("/[ab]",)), {"path": "/[ab]"}, True),
        (Condition("path-pattern", ("/x", "/y")), {"path": "/y"}, True),
        (Condition("host-header", ("*.Example.com",)), {"host": "WWW.example.COM"}, True),
        (Condition("host-header", ("*.example.com",)), {"host": "example.com"}, False),
        (
            Condition("http-header", ("*Mobile*",), header="User-Agent"),
            {"headers": (("user-agent", "A mobile phone"),)},
            True,
        ),
        (
            Condition("http-header", ("*Mobile*",), header="User-Agent"),
            {"headers": (("x-agent", "A mobile phone"),)},
            False,
        ),
        (Condition("http-request-method", ("GET", "HEAD")), {"method": "HEAD"}, True),
        (Condition("http-request-method", ("get",)), {"method": "GET"}, False),
        (
            Condition("query-string", pairs=(("version", "v1*"),)),
            {"query": "a=b&Version=V12"},
            True,
        ),
        (Condition("query-string", pairs=(("version", "v1"),)), {"query": "other=v1"}, False),
        (Condition("query-string", pairs=(("", "*a b*"),)), {"query": "q=an+a%20b"}, True),
        (Condition("source-ip", ("10.0.0.0/8",)), {"source": "10.9.8.7"}, True),
        (Condition("source-ip", ("10.0.0.0/8",)), {"source": "127.0.0.1"}, False),
    ],
)
def test_a_condition_holds_as_elb_says(condition, asked, expected):
    """Hosts, headers and queries without regard to case, paths and methods with it."""
    assert holds(condition, Asked(**{"method": "GET", "path": "/", **asked})) is expected


def test_every_condition_must_hold_and_the_first_rule_that_fits_is_taken():
    """Rules stand in the order of their priority."""
    action = FixedResponse(200)
    both = (Condition("path-pattern", ("/a*",)), Condition("host-header", ("one",)))
    rules = (
        Rule("1", 1, action, both),
        Rule("2", 2, action, (Condition("path-pattern", ("/a*",)),)),
        Rule("3", 3, action, (Condition("path-pattern", ("/ab*",)),)),
        Rule("default", 9, action),
    )
    assert choose(rules, Asked("GET", "/ab", host="one")).arn == "1"
    assert choose(rules, Asked("GET", "/ab", host="two")).arn == "2"
    assert choose(rules, Asked("GET", "/", host="one")).arn == "default"
