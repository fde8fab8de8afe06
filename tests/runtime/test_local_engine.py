"""`ecslab local` where no engine answers."""

import pytest

from ecslab.locale import set_language
from ecslab.model.errors import EcslabError
from ecslab.runtime.local import engine


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("unix:///nowhere/docker.sock", "its socket is not there"),
        ("tcp://127.0.0.1:9", "nothing listens at its address"),
    ],
)
def test_no_engine_is_one_sentence_without_the_sdks_own_words(monkeypatch, host, why):
    set_language("en")
    monkeypatch.setenv("DOCKER_HOST", host)
    with pytest.raises(EcslabError) as caught:
        engine.client()
    assert str(caught.value) == (
        f"No Docker engine answers on this machine: {why}. "
        "Install or start Docker; `ecslab doctor` tells how."
    )
