"""A question to answer before the cell that shows the answer is run."""

from __future__ import annotations

import html
from typing import NamedTuple

import ipywidgets as w

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.widgets.style import block, panel

_ = translator("widgets")


class Question(NamedTuple):
    """What is asked, and the answers one may pick."""

    text: Text
    options: tuple[Text, ...]


QUESTIONS: dict[str, Question] = {
    "ec2-or-fargate": Question(
        _("Four tasks of 128 MiB, running for a month: which is cheaper?"),
        (_("EC2 (t2.micro)"), _("Fargate"), _("About the same")),
    ),
    "spread": Question(
        _("Four tasks on two instances: how will they be divided?"),
        (_("4 and 0"), _("3 and 1"), _("2 and 2"), _("By chance")),
    ),
    "stop": Question(
        _("One of the tasks is stopped: will another take its place?"),
        (_("Yes, at once"), _("Yes, after a minute"), _("No")),
    ),
    "fill": Question(
        _("Two tasks of 700 MiB on two t2.micro: will both run?"),
        (_("Both run"), _("Only one runs"), _("Neither runs")),
    ),
    "replace": Question(
        _("A service keeps two tasks. One of them is stopped: what happens?"),
        (_("Nothing"), _("Another one is started"), _("The service stops")),
    ),
    "rolling": Question(
        _("The service gets a new revision while visitors come: what do they see?"),
        (
            _("Errors for a moment"),
            _("Old, and from one moment on new"),
            _("Old and new side by side for a while"),
        ),
    ),
    "crash": Question(
        _("A new revision crashes at once: what do the visitors see?"),
        (_("Errors"), _("The old revision"), _("An empty page")),
    ),
    "lost-instance": Question(
        _("One of two machines dies, with half of the tasks: what happens to them?"),
        (_("They are lost"), _("They start again on the other machine"), _("They wait for it")),
    ),
    "dropped-in-2019": Question(
        _("ecs-cli of 2019 warned that it skipped one key of this file. Which one?"),
        (_("volumes"), _("links"), _("depends_on"), _("command")),
    ),
    "no-memory-said": Question(
        _("Two containers for which no memory is said, on a t2.micro: will the task run?"),
        (_("It runs"), _("It waits until there is room"), _("It is refused")),
    ),
    "third-task": Question(
        _("Host port 80, two instances, a third task: what will happen?"),
        (
            _("It runs beside another task"),
            _("It waits until a port is free"),
            _("It is refused"),
        ),
    ),
}


class Prediction:
    """Pick what you expect, then run the next cell and compare. Nothing is graded."""

    def __init__(self, question: Question) -> None:
        self.picked: str | None = None
        self.buttons = [
            w.Button(description=str(option), layout=w.Layout(width="auto", margin="2px 6px 2px 0"))
            for option in question.options
        ]
        for button in self.buttons:
            button.on_click(self._pick)
        self.answer = w.HTML()
        self.view = panel(
            w.HTML(f'<div class="ecslab-note"><b>{html.escape(str(question.text))}</b></div>'),
            w.HBox(self.buttons, layout=w.Layout(flex_flow="row wrap")),
            self.answer,
        )

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.view)  # type: ignore[no-untyped-call]

    def _pick(self, button: w.Button) -> None:
        self.picked = button.description
        for other in self.buttons:
            other.button_style = "info" if other is button else ""
        said = _("You expect: {choice}. Run the next cell and see.", choice=button.description)
        self.answer.value = block("ecslab-note", said, role="status")


def predict(key: str) -> Prediction:
    """The question `key` of the lessons, to answer before the next cell is run.

    Raises EcslabError for a question there is not.
    """
    if key not in QUESTIONS:
        raise EcslabError(
            _("There is no question {key!r}.", key=key),
            _("There are: {keys}.", keys=", ".join(QUESTIONS)),
        )
    return Prediction(QUESTIONS[key])
