"""An ARN taken apart: each piece, what it is called, what it says here."""

from __future__ import annotations

import html
import uuid
from collections.abc import Mapping

import ipywidgets as w

from ecslab.locale import Text, translator
from ecslab.model.arn import Piece, dissect
from ecslab.model.errors import EcslabError
from ecslab.widgets.style import CSS, block

_ = translator("widgets")

EXAMPLES: Mapping[Text, str] = {
    _("a cluster"): "arn:aws:ecs:ap-northeast-1:123456789012:cluster/shop",
    _("a task definition"): "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/nginx:3",
    _("a task"): (
        "arn:aws:ecs:ap-northeast-1:123456789012:task/shop/1dc5c17a4b0a4be2b7d2c9b6e0f3a5d4"
    ),
    _("a task, as before 2021"): (
        "arn:aws:ecs:ap-northeast-1:123456789012:task/1dc5c17a-4b0a-4be2-b7d2-c9b6e0f3a5d4"
    ),
    _("a role"): "arn:aws:iam::123456789012:role/ecsInstanceRole",
    _("a bucket"): "arn:aws:s3:::my-bucket",
    _("a load balancer"): (
        "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188"
    ),
}
KINDS: Mapping[str, Text] = {
    "arn": _("sign"),
    "partition": _("partition"),
    "service": _("service"),
    "region": _("region"),
    "account": _("account"),
    "type": _("kind of thing"),
    "cluster": _("cluster"),
    "task": _("task"),
    "family": _("family"),
    "revision": _("revision"),
    "name": _("name"),
    "id": _("ID"),
    "resource": _("resource"),
}
_MEANING: Mapping[str, Text] = {
    "arn": _("Every ARN begins with these letters."),
    "partition": _("The usual AWS. China has aws-cn, the US government aws-us-gov."),
    "service": _("The service's short name, as in its API and in IAM policies."),
    "region": _("The region in which it is."),
    "account": _("The AWS account it belongs to."),
    "type": _("What kind of thing it is."),
    "cluster": _("The cluster it is in. ARNs have it since 2018; since 2021 all of them."),
    "task": _("The task it is part of."),
    "family": _("The task definition's name, which all its revisions share."),
    "revision": _("Which revision it is."),
    "name": _("The name somebody gave it."),
    "id": _("AWS made it; no two are alike."),
    "resource": _("What it is called within the service."),
}
_SERVICES: Mapping[str, str] = {
    "ecs": "Elastic Container Service",
    "ec2": "Elastic Compute Cloud",
    "ecr": "Elastic Container Registry",
    "iam": "Identity and Access Management",
    "s3": "Simple Storage Service",
    "ssm": "Systems Manager (Parameter Store)",
    "secretsmanager": "Secrets Manager",
    "logs": "CloudWatch Logs",
    "elasticloadbalancing": "Elastic Load Balancing",
    "cloudformation": "CloudFormation",
    "autoscaling": "Auto Scaling",
}
_REGIONS: Mapping[str, Text] = {
    "us-east-1": _("Northern Virginia"),
    "us-east-2": _("Ohio"),
    "us-west-1": _("Northern California"),
    "us-west-2": _("Oregon"),
    "ap-northeast-1": _("Tokyo"),
    "ap-northeast-2": _("Seoul"),
    "ap-northeast-3": _("Osaka"),
    "ap-southeast-1": _("Singapore"),
    "ap-southeast-2": _("Sydney"),
    "eu-central-1": _("Frankfurt"),
    "eu-west-1": _("Ireland"),
    "eu-west-2": _("London"),
}
_EMPTY: Mapping[str, Text] = {
    "region": _("Empty: this service has no regions here."),
    "account": _("Empty: its name is the only one in the whole world."),
}


def meaning(piece: Piece) -> str:
    """What a piece of an ARN says, in a sentence."""
    if not piece.text and piece.kind in _EMPTY:
        return str(_EMPTY[piece.kind])
    said = str(_MEANING[piece.kind])
    if piece.kind == "account" and piece.text == "aws":
        return str(_("It is AWS's own, and the same for everybody."))
    more = _SERVICES.get(piece.text) if piece.kind == "service" else _REGIONS.get(piece.text)
    return f"{more}: {said}" if more and piece.kind in ("service", "region") else said


class ArnDissector:
    """A field for an ARN, its pieces in colour, and a table that says what each of them is."""

    def __init__(self, text: str | None = None) -> None:
        examples = {str(name): arn for name, arn in EXAMPLES.items()}
        self._key = f"ecslab-{uuid.uuid4().hex[:8]}"  # two notebooks may be on one page
        self.example = w.Dropdown(
            options=[(str(_("an example …")), ""), *examples.items()],
            layout=w.Layout(width="220px"),
        )
        self.field = w.Text(
            str(text) if text is not None else next(iter(examples.values())),
            continuous_update=True,
            layout=w.Layout(width="100%"),
        )
        self.field.add_class("ecslab-arn-field")
        self.result = w.HTML()
        self.pieces: tuple[Piece, ...] = ()
        self.example.observe(self._choose, "value")
        self.field.observe(self._show, "value")
        self._show()
        self.view = w.VBox([w.HTML(CSS + _CSS), self.field, self.example, self.result])

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.view)  # type: ignore[no-untyped-call]

    def _choose(self, _change: object) -> None:
        if self.example.value:
            self.field.value = self.example.value

    def _show(self, _change: object = None) -> None:
        try:
            self.pieces = dissect(self.field.value.strip())
        except EcslabError as error:
            self.pieces = ()
            self.result.value = block("ecslab-problem", f"✗ {error}", role="alert")
            return
        self.result.value = _drawn(self.pieces, self._key)


def _drawn(pieces: tuple[Piece, ...], key: str) -> str:
    chips = "".join(_chip(number, piece, key) for number, piece in enumerate(pieces))
    heads = (_("Piece"), _("What it is"), _("What it says"))
    head = "".join(f"<th>{html.escape(str(one))}</th>" for one in heads)
    rows = "".join(_row(number, piece) for number, piece in enumerate(pieces))
    rules = "".join(
        f"#{key}:has(.h{number}:hover) .h{number},#{key}:has(.h{number} input:checked) .h{number}"
        "{background:rgba(33,150,243,.22)}"
        for number in range(len(pieces))
    )
    return (
        f'<style>{rules}</style><div id="{key}" class="ecslab-arn" '
        f'data-lm-suppress-shortcuts="true"><div class="whole">{chips}</div>'
        f'<table class="ecslab-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        "</div>"
    )


def _chip(number: int, piece: Piece, key: str) -> str:
    joint = f'<span class="joint">{piece.before}</span>' if piece.before else ""
    text, name = html.escape(piece.text) or "&nbsp;", html.escape(str(KINDS[piece.kind]))
    return (
        f'{joint}<label class="chip h{number}"><input type="radio" name="{key}">'
        f"<b>{text}</b><small>{name}</small></label>"
    )


def _row(number: int, piece: Piece) -> str:
    cells = (piece.text or "–", KINDS[piece.kind], meaning(piece))
    return f'<tr class="h{number}">{"".join(f"<td>{html.escape(str(c))}</td>" for c in cells)}</tr>'


def arn(text: str | None = None) -> ArnDissector:
    """An ARN taken apart piece by piece; `text` is the one to begin with. Type another one."""
    return ArnDissector(text)


_CSS = """
<style>
.ecslab-arn-field input{font-family:var(--jp-code-font-family,monospace)}
.ecslab-arn .whole{display:flex;flex-wrap:wrap;align-items:flex-start;row-gap:6px;margin:6px 0 10px}
.ecslab-arn .joint{font-family:var(--jp-code-font-family,monospace);padding:3px 2px;font-size:14px}
.ecslab-arn .chip{display:inline-flex;flex-direction:column;align-items:center;cursor:pointer;
  border:1px solid var(--jp-border-color2,#c8ccd0);border-radius:5px;padding:2px 6px;
  max-width:100%;position:relative}
.ecslab-arn .chip:focus-within{outline:2px solid var(--jp-brand-color1,#2a6fb0)}
.ecslab-arn .chip input{position:absolute;opacity:0;width:1px;height:1px;margin:0}
.ecslab-arn .chip b{font-family:var(--jp-code-font-family,monospace);font-weight:500;font-size:13px;
  overflow-wrap:anywhere}
.ecslab-arn .chip small{color:var(--jp-ui-font-color2,#5f6b7a);font-size:11px}
.ecslab-arn td,.ecslab-arn th{text-align:left!important;overflow-wrap:anywhere}
.ecslab-arn td:nth-child(2){white-space:nowrap}
</style>
"""
