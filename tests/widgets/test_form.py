"""What every form does: complain at the field, preview, do the work once, stop."""

import os
import signal
import threading
from dataclasses import dataclass

import pytest

from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.steps.calls import planned
from ecslab.steps.progress import Stopped
from ecslab.steps.settings import Problem
from ecslab.widgets import fields
from ecslab.widgets.form import Form

_ = translator("widgets")


@dataclass(frozen=True)
class Greeting:
    name: str

    def check(self):
        return [] if self.name else [Problem("name", _("Enter a name."))]


class GreetingForm(Form):
    title = _("Greeting")
    button_label = _("Greet")

    def __init__(self, go=None):
        self.runs = 0
        self.go = go or threading.Event()
        if go is None:
            self.go.set()
        super().__init__({"name": fields.text("Name", "Ada")})

    def settings(self):
        return Greeting(self.fields["name"].value)

    def planned(self, settings):
        return [planned("greeter", "SayHello", {"Name": settings.name})]

    def work(self, settings, progress):
        self.runs += 1
        progress.say("greeting")
        while not self.go.wait(0.01):
            progress.check()
        if settings.name == "Bad":
            raise EcslabError("Nobody of this name.")
        return f"Hello {settings.name}"


def test_submit_does_the_work_and_gives_the_result():
    form = GreetingForm()
    assert form.submit() == "Hello Ada"
    assert "greeting" in form._progress.value
    assert "✓ Done in 0 s." in form._progress.value


def test_button_and_submit_together_do_the_work_once():
    form = GreetingForm()
    form.button.click()
    assert form.submit() == "Hello Ada"
    assert form.runs == 1


def test_submit_waits_for_what_the_button_began():
    form = GreetingForm(go=threading.Event())
    form.button.click()
    threading.Timer(0.1, form.go.set).start()
    assert form.submit() == "Hello Ada"
    assert form.runs == 1


def test_each_press_of_the_button_serves_one_submit():
    form = GreetingForm()
    form.button.click()
    form.submit()
    form.submit()
    assert form.runs == 2
    form.button.click()
    form._job.wait()
    form.submit()
    assert form.runs == 3


def test_pressing_the_button_twice_does_the_work_twice():
    form = GreetingForm()
    for _time in range(2):
        form.button.click()
        form._job.wait()
    assert form.runs == 2


def test_a_field_changed_after_the_press_makes_submit_do_what_it_says_now():
    form = GreetingForm()
    form.button.click()
    form._job.wait()
    form.fields["name"].control.value = "Grace"
    assert form.submit() == "Hello Grace"
    assert form.runs == 2


def test_fields_cannot_be_changed_while_the_work_goes_on():
    form = GreetingForm(go=threading.Event())
    form.button.click()
    assert form.fields["name"].control.disabled
    form.go.set()
    form._job.wait()
    assert not form.fields["name"].control.disabled


def test_an_interrupt_of_the_waiting_cell_stops_the_work():
    """As the kernel's interrupt does it: SIGINT while the main thread waits."""
    form = GreetingForm(go=threading.Event())
    # A process that was started in the background may ignore the signal; a kernel never does.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    try:
        with pytest.raises(Stopped):
            form.submit()
    finally:
        signal.signal(signal.SIGINT, before)
    assert "■ Stopped." in form._progress.value


def test_a_wrong_field_says_why_and_locks_the_button():
    form = GreetingForm()
    form.fields["name"].control.value = ""
    assert form.button.disabled
    assert "Enter a name." in form.fields["name"].box.children[-1].value
    with pytest.raises(EcslabError, match="Enter a name"):
        form.submit()
    assert form.runs == 0


def test_the_preview_follows_the_fields():
    form = GreetingForm()
    form.fields["name"].control.value = "Grace"
    assert "aws greeter say-hello --name Grace" in form._preview.pages["AWS CLI"].value


def test_an_error_is_shown_in_one_sentence_and_raised_by_submit():
    form = GreetingForm()
    form.fields["name"].control.value = "Bad"
    with pytest.raises(EcslabError):
        form.submit()
    assert "✗ Nobody of this name." in form._progress.value
    form.fields["name"].control.value = "Ada"
    assert form.submit() == "Hello Ada"


def test_stop_ends_work_that_goes_on():
    form = GreetingForm(go=threading.Event())
    form.button.click()
    assert form.button.disabled
    form.stop_button.click()
    with pytest.raises(EcslabError, match="Stopped"):
        form.submit() if form._job is None else form._job.wait()
    assert not form.button.disabled


def test_what_was_entered_is_text_on_the_screen():
    form = GreetingForm()
    form.fields["name"].control.value = "<b>x</b>"
    assert "<b>x</b>" not in form._preview.pages["AWS CLI"].value
