"""Forms are tested in English unless a test says otherwise."""

import pytest

from ecslab.lab import Lab, Names, Place
from ecslab.locale import set_language
from ecslab.steps.bench import Bench
from ecslab.steps.calls import CallLog


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


class NobodyAnswers:
    """A session for what must work without asking anybody."""

    def client(self, service_name):
        raise AssertionError(f"asked {service_name}")


@pytest.fixture
def quiet_lab():
    """A lab whose session must not be used."""
    names = Names("ecslab-yui-1a2b3")
    place = Place("sandbox", "http://127.0.0.1:1", "123456789012", "us-east-1")
    return Lab(Bench(NobodyAnswers(), names.tags), names, place, CallLog())
