"""The look of the widgets: one style sheet, in Jupyter's own colours, dark theme included."""

from __future__ import annotations

import html
from collections.abc import Sequence

import ipywidgets as w

CSS = """
<style>
.ecslab-form{border:1px solid var(--jp-border-color2,#c8ccd0);border-radius:8px;padding:12px 16px;
  max-width:720px;background:var(--jp-layout-color1,#fff)}
.ecslab-title{font-weight:600;font-size:17px;margin:0 0 6px;line-height:1.4}
.ecslab-label,.ecslab-field>.widget-label{font-weight:600;font-size:13px;line-height:1.6}
.ecslab-field.widget-inline-hbox{flex-direction:column;align-items:stretch}
.ecslab-field.widget-inline-hbox>select{flex:none;height:var(--jp-widgets-inline-height,28px)}
.ecslab-form .jupyter-button{align-self:flex-start}
.ecslab-form .widget-toggle-button.mod-active{background:var(--jp-brand-color1,#1976d2);
  color:var(--jp-ui-inverse-font-color1,#fff)}
.ecslab-field>.widget-label{width:auto;text-align:left;height:auto}
.ecslab-row+.ecslab-row .widget-label{position:absolute;width:1px;height:1px;overflow:hidden;
  clip-path:inset(50%)}
.ecslab-row .jupyter-button{align-self:flex-end}
.ecslab-inner{border:1px solid var(--jp-border-color2,#c8ccd0);border-radius:6px;padding:10px 14px;
  margin:4px 0}
.ecslab-card{border:1px solid var(--jp-border-color2,#c8ccd0);border-radius:6px;padding:4px 12px;
  line-height:1.6;font-size:13px}
.ecslab-busy{color:var(--jp-ui-font-color2,#5f6b7a)}
.ecslab-busy::before{content:"";display:inline-block;width:10px;height:10px;margin-right:6px;
  border:2px solid var(--jp-border-color1,#bbb);border-top-color:var(--jp-brand-color1,#1976d2);
  border-radius:50%;animation:ecslab-turn 1s linear infinite}
@keyframes ecslab-turn{to{transform:rotate(360deg)}}
@media (prefers-reduced-motion:reduce){.ecslab-busy::before{animation:none}}
.ecslab-help{color:var(--jp-ui-font-color2,#5f6b7a);font-size:12px;line-height:1.4}
.ecslab-problem{color:var(--jp-error-color1,#b3261e);font-size:12px;line-height:1.4}
.ecslab-done{color:var(--jp-success-color0,#1b7f3b);font-size:13px;line-height:1.5}
[data-jp-theme-light="false"] .ecslab-done{color:#81c784}
.ecslab-note{font-size:13px;line-height:1.5;white-space:pre-line}
.ecslab-call{font-family:var(--jp-code-font-family,monospace);font-size:12px;white-space:pre-wrap;
  overflow-wrap:anywhere;background:var(--jp-layout-color2,#f3f4f6);border-radius:6px;
  padding:8px 10px;line-height:1.45;max-height:320px;overflow:auto;margin:0 0 6px}
.ecslab-log{font-size:12px;line-height:1.5;max-height:180px;overflow:auto;padding:4px 8px;
  border-left:3px solid var(--jp-border-color2,#c8ccd0)}
.ecslab-log time{color:var(--jp-ui-font-color2,#5f6b7a);margin-right:6px}
.ecslab-svg svg{max-width:100%;height:auto}
.ecslab-table{border-collapse:collapse;font-size:13px}
.ecslab-table th,.ecslab-table td{padding:4px 10px;text-align:right;
  border-bottom:1px solid var(--jp-border-color2,#c8ccd0)}
.ecslab-table th:first-child,.ecslab-table td:first-child{text-align:left}
</style>
"""


def block(css_class: str, text: object, *, tag: str = "div", **attributes: str) -> str:
    """One escaped HTML element with a class of ours."""
    more = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f'<{tag} class="{css_class}"{more}>{html.escape(str(text))}</{tag}>'


def complaints(messages: Sequence[object]) -> str:
    """What is wrong, a line each, as HTML."""
    return "".join(block("ecslab-problem", f"✗ {m}", role="alert") for m in messages)


def panel(*children: w.Widget) -> w.VBox:
    """A box with the style sheet and the look of a form."""
    box = w.VBox([w.HTML(CSS, layout=w.Layout(height="0", margin="0")), *children])
    box.add_class("ecslab-form")
    return box
