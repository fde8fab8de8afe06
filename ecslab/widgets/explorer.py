"""EC2 or Fargate? Move the sliders and read what is wasted and what it costs."""

from __future__ import annotations

import html
from collections.abc import Mapping

import ipywidgets as w

from ecslab.locale import Text, translator
from ecslab.model import prices as price_table
from ecslab.model.capacity import Bill, Size, on_ec2, on_fargate
from ecslab.model.resources import INSTANCE_TYPES
from ecslab.widgets import fields
from ecslab.widgets.style import block, panel

_ = translator("widgets")

_STYLE = {"description_width": "initial"}
_ROW = w.Layout(width="480px")


class CapacityExplorer:
    """Container sizes in, wasted capacity and monthly cost of both ways out.

    `sizes` are the instance types offered, with what a task can use of them.
    """

    def __init__(self, sizes: Mapping[str, Size], region: str) -> None:
        self.prices = price_table.price_list(region)
        self._sizes = {t: s for t, s in sizes.items() if self.prices.instance(t) is not None}
        self.tasks = _slider(_("Tasks"), 4, 1, 60, 1)
        self.cpu = _slider(_("CPU of a task (1024 = 1 vCPU)"), 128, 0, 4096, 64)
        self.memory = _slider(_("Memory of a task (MiB)"), 128, 16, 8192, 16)
        types = list(self._sizes)
        self.instance_type = fields.choice(_("EC2 instance type"), types, types[0])
        self.ec2_price = w.FloatText(layout=w.Layout(width="120px"), step=0.0001)
        self.vcpu_price = w.FloatText(self.prices.fargate_vcpu, layout=self.ec2_price.layout)
        self.gb_price = w.FloatText(self.prices.fargate_gb, layout=self.ec2_price.layout)
        self.result = w.HTML()
        self._choose_type()
        self.instance_type.control.observe(self._choose_type, "value")
        for control in self._controls():
            control.observe(self._show, "value")
        self._show()
        self.view = panel(
            self.tasks,
            self.cpu,
            self.memory,
            self.instance_type.box,
            self._price_row(),
            self.result,
        )

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.view)  # type: ignore[no-untyped-call]

    def bills(self) -> tuple[Bill | None, Bill | None]:
        """What EC2 and what Fargate take for what the sliders say."""
        tasks = [Size(self.cpu.value, self.memory.value)] * self.tasks.value
        kind = self.instance_type.value
        edited = price_table.PriceList(
            region=self.prices.region,
            fargate_vcpu=self.vcpu_price.value,
            fargate_gb=self.gb_price.value,
            instances={kind: self.ec2_price.value},
            public_ipv4=self.prices.public_ipv4,
            volume_gb_month=self.prices.volume_gb_month,
        )
        return on_ec2(tasks, kind, self._sizes[kind], edited), on_fargate(tasks, edited)

    def _controls(self) -> list[w.Widget]:
        return [
            self.tasks,
            self.cpu,
            self.memory,
            self.instance_type.control,
            self.ec2_price,
            self.vcpu_price,
            self.gb_price,
        ]

    def _choose_type(self, _change: object = None) -> None:
        self.ec2_price.value = self.prices.instance(self.instance_type.value) or 0.0

    def _price_row(self) -> w.Widget:
        names = (_("EC2, USD/h"), _("Fargate vCPU, USD/h"), _("Fargate GB, USD/h"))
        controls = (self.ec2_price, self.vcpu_price, self.gb_price)
        note = _(
            "List prices of {region} as of {date}; edit them. Instances and Fargate tasks are "
            "counted with a public IPv4 address each, instances with 30 GB of storage.",
            region=self.prices.region,
            date=price_table.AS_OF,
        )
        boxes = [
            w.VBox([w.HTML(block("ecslab-help", n)), c])
            for n, c in zip(names, controls, strict=True)
        ]
        row = w.HBox(boxes, layout=w.Layout(flex_flow="row wrap", grid_gap="4px 16px"))
        return w.VBox([row, w.HTML(block("ecslab-help", note))])

    def _show(self, _change: object = None) -> None:
        ec2, fargate = self.bills()
        rows = _row("EC2", ec2, _("One such task does not fit into this instance type.")) + _row(
            "Fargate", fargate, _("No Fargate size is large enough.")
        )
        heads = (_("Runs on"), _("Units"), _("Paid for"), _("Unused"), _("USD a month"))
        head = "".join(f"<th>{html.escape(str(h))}</th>" for h in heads)
        self.result.value = (
            f'<table class="ecslab-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody>'
            f"</table>{block('ecslab-note', _verdict(ec2, fargate))}"
        )


def explorer(region: str = "us-east-1") -> CapacityExplorer:
    """EC2 against Fargate for tasks of your sizes, with the prices of `region`."""
    sizes = {name: Size(kind.cpu, kind.registered_memory) for name, kind in INSTANCE_TYPES.items()}
    return CapacityExplorer(sizes, region)


def _slider(label: Text, value: int, least: int, most: int, step: int) -> w.IntSlider:
    return w.IntSlider(value, least, most, step, description=str(label), style=_STYLE, layout=_ROW)


def _row(name: str, bill: Bill | None, otherwise: Text) -> str:
    if bill is None:
        return f'<tr><td>{name}</td><td colspan="4">{html.escape(str(otherwise))}</td></tr>'
    width = round(100 * (1 - bill.wasted))
    bar = (
        f'<svg width="110" height="12" role="img" aria-label="{100 - width}%">'
        f'<rect width="100" height="10" y="1" rx="2" fill="var(--jp-layout-color3,#ddd)"/>'
        f'<rect width="{width}" height="10" y="1" rx="2" fill="var(--jp-brand-color1,#2a6fb0)"/>'
        "</svg>"
    )
    paid = f"{bill.paid.cpu / 1024:g} vCPU, {bill.paid.memory / 1024:.1f} GB"
    return (
        f"<tr><td>{name}</td><td>{bill.units}</td><td>{paid}</td>"
        f"<td>{bar}{bill.wasted:.0%}</td><td>{bill.monthly:,.2f}</td></tr>"
    )


def _verdict(ec2: Bill | None, fargate: Bill | None) -> Text | str:
    if ec2 is None or fargate is None:
        return ""
    cheap, dear = sorted((("EC2", ec2), ("Fargate", fargate)), key=lambda pair: pair[1].monthly)
    factor = dear[1].monthly / cheap[1].monthly if cheap[1].monthly else 1.0
    if factor < 1.05:
        return _("Both cost about the same here.")
    return _(
        "{cheap} is cheaper here; {dear} costs {factor:.1f} times as much.",
        cheap=cheap[0],
        dear=dear[0],
        factor=factor,
    )
