"""The table as a page for readers: ``docs/conversion.md`` and ``docs/conversion.ja.md``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ecslab.convert.rule import Knot, Rule
from ecslab.convert.table import GAPS, KNOTS, RULES
from ecslab.locale import Text, translator

_ = translator("convert")

_EXAMPLE = """\
name: shop
services:
  web:
    image: nginx
    ports: ["80"]
    x-ecs:                 # {container}
      secrets:
        - name: TOKEN
          valueFrom: arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:token
    volumes: ["files:/srv"]
volumes:
  files:
    x-ecs:                 # {volume}
      efsVolumeConfiguration: {{fileSystemId: fs-0123456789abcdef0}}
x-ecs:                     # {task}
  executionRoleArn: arn:aws:iam::123456789012:role/ecsTaskExecutionRole
  networkMode: awsvpc
"""


def page(lang: str) -> str:
    """The whole page in Markdown."""
    return "\n".join((*_beginning(lang), *_tables(lang)))


def _beginning(lang: str) -> Iterable[str]:
    notice = _("Made by tools/conversion.py; change the table instead.")
    title = _("Compose ⇄ task definition")
    yield f"<!-- {notice.render(lang)} -->\n"
    yield f"# {title.render(lang)}\n"
    for paragraph in _LAW:
        yield f"{paragraph.render(lang)}\n"
    places = {
        "container": _("of the container").render(lang),
        "volume": _("of the volume").render(lang),
        "task": _("of the task").render(lang),
    }
    yield f"```yaml\n{_EXAMPLE.format(**places)}```\n"
    for paragraph in _BESIDE:
        yield f"{paragraph.render(lang)}\n"


_LAW = (
    _(
        "`ecslab compose convert` makes a task definition of Compose files, `ecslab local create` "
        "a Compose file of a task definition. This page is made from the table both work by."
    ),
    _(
        "**The law.** Whatever does not come back unchanged is named by a diagnostic, with file, "
        "line and column: `exact` (kept, said for information), `adapted` (changed) or `dropped` "
        "(lost). A second trip changes nothing, and a task definition comes back from Compose as "
        "it was. The same input gives the same bytes."
    ),
    _(
        "**x-ecs.** What Compose has no word for stands under `x-ecs`, in ECS's own words: at the "
        "top level members of the task, on a service those of its container, on a top-level "
        "volume those of the volume. It is laid over what the Compose keys became: structures "
        "member by member, lists as a whole; `null` takes a member away. Where the two "
        "contradict, `x-ecs` counts and a diagnostic says so."
    ),
)
_BESIDE = (
    _(
        "**ecs-params.yml** beside the Compose file is read too, with every key ecs-cli had; its "
        "values win over both."
    ),
    _("`x-` keys of other programs are left aside and named."),
)


def _tables(lang: str) -> Iterable[str]:
    compose, ecs = _("Compose"), _("Task definition")
    how, why, instead, before = _("How"), _("Why"), _("Instead"), _("What ecs-cli did")
    rows: tuple[Rule | Knot, ...] = (*RULES, *KNOTS)
    partners = [(_paths(row.compose), _paths(row.ecs), row.why, row.before) for row in rows]
    yield from _titled(_("What has a partner"), lang)
    yield from _table((compose, ecs, how, before), sorted(partners, key=_first), lang)
    lost = [
        (_paths(gap.paths), gap.why, gap.hint, gap.before) for gap in GAPS if gap.side == "compose"
    ]
    yield from _titled(_("Compose keys without a partner"), lang)
    yield from _table((compose, why, instead, before), sorted(lost, key=_first), lang)
    kept = [(_paths(gap.paths), gap.why, gap.before) for gap in GAPS if gap.side == "ecs"]
    yield from _titled(_("Members that x-ecs carries"), lang)
    yield from _table((ecs, why, before), kept, lang)


def _titled(title: Text, lang: str) -> Iterable[str]:
    yield f"## {title.render(lang)}\n"


def _first(row: Sequence[object]) -> str:
    return str(row[0])


def _paths(paths: Iterable[str]) -> str:
    return "<br>".join(f"`{path}`" for path in paths)


def _table(
    head: Sequence[Text], rows: Iterable[Sequence[Text | str | None]], lang: str
) -> Iterable[str]:
    yield _line([one.render(lang) for one in head])
    yield _line(["---"] * len(head))
    for row in rows:
        yield _line([_cell(one, lang) for one in row])
    yield ""


def _cell(one: Text | str | None, lang: str) -> str:
    if one is None:
        return "–"
    text = one if isinstance(one, str) else one.render(lang)
    return text.replace("|", "\\|")


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
