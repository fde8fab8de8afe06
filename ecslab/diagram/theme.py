"""Colours: JupyterLab's own through ``var(--jp-*)``, or fixed ones for a file."""

from __future__ import annotations

from functools import lru_cache

THEMES = ("auto", "light", "dark")

# name: (JupyterLab's variable or "", light, dark)
_COLOURS: dict[str, tuple[str, str, str]] = {
    "page": ("--jp-layout-color1", "#ffffff", "#15181d"),
    "box": ("--jp-layout-color2", "#f4f6f8", "#1e232a"),
    "card": ("--jp-layout-color1", "#ffffff", "#272d36"),
    "chip": ("--jp-layout-color2", "#f4f6f8", "#1e232a"),
    "head": ("--jp-layout-color3", "#dde2e8", "#3a434f"),
    "line": ("--jp-border-color1", "#c3cad3", "#4a5563"),
    "text": ("--jp-ui-font-color0", "#1b2430", "#eef2f6"),
    "soft": ("--jp-ui-font-color2", "#586472", "#a5b0bd"),
    "fill": ("--jp-brand-color1", "#2563a8", "#6ea8e5"),
    "good": ("--jp-success-color1", "#1a7f4b", "#57c98a"),
    "wait": ("--jp-info-color1", "#1f6fb5", "#6cb6f5"),
    "warn": ("--jp-warn-color1", "#b25e00", "#f0a850"),
    "bad": ("--jp-error-color1", "#c4314b", "#ff8095"),
    "dim": ("--jp-ui-font-color2", "#586472", "#a5b0bd"),
}
FONT = "system-ui,'Segoe UI','Noto Sans','Hiragino Sans','Noto Sans CJK JP',IPAPGothic,sans-serif"
MONO = "ui-monospace,'SF Mono',Menlo,'DejaVu Sans Mono',monospace"

# Service headers: dark enough for white text (contrast 4.5 or more) on either theme.
HUES = (
    "#2563a8", "#0f766e", "#7c4d9e", "#9a5413", "#b0386f", "#55690f", "#4a5f7d", "#a5402a",
)  # fmt: skip
GLYPHS = "◆▲★♣♥♠▼♦"


def hue_glyph(hue: int) -> str:
    """The glyph of a service: its colour said again. Colours come round after eight."""
    return GLYPHS[hue % len(GLYPHS)]


def palette(theme: str) -> dict[str, str]:
    """Name → CSS colour. Raises ValueError for a theme that is none of `THEMES`."""
    if theme not in THEMES:
        raise ValueError(f"theme must be one of {', '.join(THEMES)}, not {theme!r}")
    if theme == "auto":
        return {name: f"var({jp},{light})" for name, (jp, light, _) in _COLOURS.items()}
    at = 1 if theme == "light" else 2
    return {name: colours[at] for name, colours in _COLOURS.items()}


@lru_cache(maxsize=4)
def css(theme: str) -> str:
    """The style sheet of a picture; every rule is scoped to it, since a page may hold several."""
    c = palette(theme)
    rules = {
        "text": f"font:12px {FONT};fill:{c['text']}",
        ".page": f"fill:{c['page']}",
        ".cluster": f"fill:none;stroke:{c['line']};stroke-width:1.5",
        ".instance": f"fill:{c['box']};stroke:{c['line']}",
        ".dash": "stroke-dasharray:6 4",
        ".dot": "stroke-dasharray:1.5 4;stroke-linecap:round;stroke-width:2",
        ".lane": f"fill:none;stroke:{c['line']}",
        ".card": f"fill:{c['card']};stroke:{c['line']}",
        ".ghost": f"fill:none;stroke:{c['soft']};stroke-dasharray:5 4",
        ".chip": f"fill:{c['chip']}",
        ".head": f"fill:{c['head']}",
        ".track": f"fill:{c['head']}",
        ".used": f"fill:{c['fill']}",
        ".pill": f"fill:{c['card']};stroke:{c['fill']};stroke-width:1.5",
        ".wire": f"fill:none;stroke:{c['fill']};stroke-width:1.5;stroke-opacity:.75",
        ".note": f"fill:{c['box']}",
        "text.big": "font-size:17px;font-weight:600",
        ".halo text": f"paint-order:stroke;stroke:{c['page']};stroke-width:4px",
        ".on text": f"paint-order:stroke;stroke:{c['box']};stroke-width:4px",
        "text.b": "font-weight:600",
        "text.s": f"font-size:11px;fill:{c['soft']}",
        "text.m": f"font-family:{MONO};font-size:11px",
        "text.w": "fill:#fff;font-weight:600",
        "text.e": "text-anchor:end",
        "text.c": "text-anchor:middle",
        "a text": f"fill:{c['fill']};text-decoration:underline",
        **{f".h{n}": f"fill:{hue}" for n, hue in enumerate(HUES)},
        **{f"text .{tone},text.{tone}": f"fill:{c[tone]}" for tone in _TONES},
    }
    scoped = "".join(
        ",".join(f".ecslab-diagram {part}" for part in selector.split(",")) + f"{{{rule}}}"
        for selector, rule in rules.items()
    )
    return scoped + _MOTION


_TONES = ("good", "wait", "warn", "bad", "dim")
_MOTION = (
    "@media (prefers-reduced-motion:no-preference){.ecslab-diagram .breathe"
    "{animation:ecslab-breathe 2.4s ease-in-out infinite}}"
    "@keyframes ecslab-breathe{50%{opacity:.45}}"
)


def themed(svg: str) -> str:
    """An SVG drawn in the light colours, following JupyterLab's theme instead."""
    for name in ("text", "soft", "line", "box", "fill"):
        variable, light, _dark = _COLOURS[name]
        svg = svg.replace(f'"{light}"', f'"var({variable},{light})"')
    return svg
