"""Durations and sizes."""

import pytest

from ecslab import compose


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("30s", 30),
        ("1m30s", 90),
        ("1h", 3600),
        ("1.5s", 1.5),
        ("20ms", 0.02),
        ("0", 0),
        ("1d", 86400),
    ],
)
def test_seconds(text, number):
    assert compose.seconds(text) == pytest.approx(number)


@pytest.mark.parametrize("text", ["", "30", "s", "1s1", "1 s", "-1s", "1y"])
def test_what_is_no_duration(text):
    with pytest.raises(ValueError):  # noqa: PT011  the message is the caller's
        compose.seconds(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("512m", 512 * 2**20),
        ("1g", 2**30),
        ("1.5gb", 3 * 2**29),
        ("64 MiB", 64 * 2**20),
        ("10kb", 10240),
        ("1024", 1024),
        ("5b", 5),
        (7, 7),
        ("-1", -1),
    ],
)
def test_size(text, number):
    assert compose.size(text) == number


@pytest.mark.parametrize("text", ["", "m", "1q", "1mm", "-2"])
def test_what_is_no_size(text):
    with pytest.raises(ValueError):  # noqa: PT011  the message is the caller's
        compose.size(text)
