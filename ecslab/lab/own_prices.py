"""Prices of one's own, newer than the kit's or negotiated: ``prices.yml``.

The file is ``$ECSLAB_HOME/prices.yml``, or the one ``ECSLAB_PRICES`` names::

    as_of: 2026-11
    ap-northeast-1:
      fargate_vcpu: 0.05056
      load_balancer: 0.0243
      instances:
        t2.micro: 0.0152

Prices are USD an hour (``volume_gb_month``: a month); what a region leaves out is the kit's.
"""

from __future__ import annotations

import os
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, NoReturn

from ecslab.compose.problems import Report
from ecslab.compose.yaml import documents
from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.model.prices import PriceList, price_list
from ecslab.sandbox import places

_ = translator("lab")

_SINGLE = tuple(
    one.name for one in fields(PriceList) if one.name not in ("region", "instances", "as_of")
)


def my_prices(region: str) -> PriceList:
    """The prices of a region: one's own where there are some, the kit's for the rest.

    Raises EcslabError with the line where the file cannot be used.
    """
    chosen = os.environ.get("ECSLAB_PRICES")
    path = Path(chosen).expanduser() if chosen else places.home() / "prices.yml"
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        if not chosen:
            return price_list(region)
        raise EcslabError(
            _("There is no file {file}.", file=path), _("ECSLAB_PRICES names it.")
        ) from None
    except OSError as error:
        raise EcslabError(_("{file} cannot be read: {why}.", file=path, why=error)) from error
    return _priced(_document(data, str(path)), str(path), region)


def _document(data: bytes, file: str) -> Any:
    report = Report()
    found = documents(data, file, report)
    report.stop()
    return found[0] if found else {}


def _priced(document: Any, file: str, region: str) -> PriceList:
    if not isinstance(document, dict):
        _refuse(file, 1, _("it holds no regions"))
    as_of = str(document.get("as_of", ""))
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])(-\d\d)?", as_of):
        line = _line(document, "as_of")
        _refuse(file, line, _("as_of must say when these were the prices, as 2026-11"))
    for name, prices in document.items():
        if name != "as_of":
            _check(prices, file, _line(document, name), name)
    own = document.get(region)
    if own is None:
        return price_list(region)
    base = replace(price_list(region), region=region, as_of=as_of)
    single: dict[str, Any] = {name: float(own[name]) for name in _SINGLE if name in own}
    instances = {**base.instances, **{k: float(v) for k, v in own.get("instances", {}).items()}}
    return replace(base, instances=instances, **single)


def _check(prices: Any, file: str, line: int, name: str) -> None:
    if not isinstance(prices, dict):
        _refuse(file, line, _("{name} holds no prices", name=name))
    for key, value in prices.items():
        here = _line(prices, key)
        if key == "instances" and isinstance(value, dict):
            for instance_type, price in value.items():
                _number(price, file, _line(value, instance_type), instance_type)
        elif key in _SINGLE:
            _number(value, file, here, key)
        else:
            known = ", ".join((*_SINGLE, "instances"))
            _refuse(file, here, _("{name} is no price; there are: {all}", name=key, all=known))


def _number(value: Any, file: str, line: int, name: str) -> None:
    good = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 10_000
    if not good:
        _refuse(file, line, _("the price of {name} is no number of USD", name=name))


def _line(mapping: Any, key: str) -> int:
    mark = getattr(mapping, "marks", {}).get(key)
    return int(mark.line) if mark else 1


def _refuse(file: str, line: int, why: Text) -> NoReturn:
    raise EcslabError(
        _("{file}, line {line}: {why}.", file=file, line=line, why=why),
        _("Mend it, or take the file away: then the kit's own prices hold."),
    )
