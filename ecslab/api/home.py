"""What a person sees who opens the endpoint in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from ecslab.locale import Text, translator

_ = translator("api")

_PAGE = """<!doctype html>
<html lang="{lang}"><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;
color-scheme:light dark}}code{{background:#8883;padding:.1rem .3rem;border-radius:.2rem}}</style>
<h1>{title}</h1><p>{what}</p><p>{how}</p><pre><code>{command}</code></pre><p>{note}</p></html>
"""


def page(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A small page, in Japanese or English as the browser prefers."""
    lang = _language(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    body = _render(lang, environ.get("HTTP_HOST", "127.0.0.1:4510")).encode()
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Content-Language", lang),
    ]
    start_response("200 OK", headers)
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]


def _render(lang: str, host: str) -> str:
    def said(text: Text) -> str:
        return escape(text.render(lang))

    return _PAGE.format(
        lang=lang,
        title=said(_("The ecslab sandbox")),
        what=said(
            _(
                "This is an endpoint for AWS tools, not a web site: a sandbox of Amazon ECS and "
                "its neighbours (EC2, IAM, CloudFormation, …) on your own machine. Nothing here "
                "costs money and nothing leaves this machine."
            )
        ),
        how=said(_("Talk to it with boto3 or the AWS CLI, for example:")),
        command=escape(f"aws --endpoint-url http://{host} ecs list-clusters"),
        note=said(_("ecslab is not affiliated with Amazon Web Services.")),
    )


def _language(accepted: str) -> str:
    for part in accepted.lower().split(","):
        for lang in ("ja", "en"):
            if part.strip().startswith(lang):
                return lang
    return "en"
