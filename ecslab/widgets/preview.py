"""The API calls a form will make, folded away until somebody asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ipywidgets as w

from ecslab.locale import translator
from ecslab.steps.calls import Call
from ecslab.widgets.style import block

_ = translator("widgets")


class Preview:
    """A fold with a tab for the AWS CLI, one for boto3, and those of the form's own."""

    def __init__(self, own: Sequence[object] = ()) -> None:
        self._own = [str(title) for title in own]
        self.pages = {title: w.HTML() for title in (*self._own, "AWS CLI", "boto3")}
        self._tabs = w.Tab(list(self.pages.values()), titles=list(self.pages))
        self.box = w.Accordion(
            [self._tabs], titles=[str(_("The API calls this will make"))], selected_index=None
        )

    def show(self, calls: Sequence[Call], own: Mapping[object, str]) -> None:
        """Show these calls, and these texts on the form's own pages."""
        if not calls:
            note = block("ecslab-help", _("Mend what is marked above, and the calls appear here."))
            for page in self.pages.values():
                page.value = note
            return
        texts = {str(title): [text] for title, text in own.items()}
        texts["AWS CLI"] = [call.cli for call in calls]
        texts["boto3"] = [call.boto3 for call in calls]
        for title, page in self.pages.items():
            page.value = "".join(block("ecslab-call", text) for text in texts.get(title, []))
