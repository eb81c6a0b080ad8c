"""What every HTML page of ours is made of: one style, one script, and the permission to use nothing but these."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cfgc.model.text import inline

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup


def asset(name: str) -> str:
    """The text of a file beside this one: `page.css`, `page.js`."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def template(text: str, filters: Mapping[str, Callable[..., Any]]) -> Template:
    """The template of a page: all is escaped, a missing name is a bug; every page has `inline`, `path`, `named`."""
    from jinja2 import Environment, StrictUndefined

    pages = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    pages.filters.update({"inline": inline, "path": path, "named": named, **filters})
    return pages.from_string(text)


def path(text: str) -> Markup:
    """A path on one line, which may break after a slash: a file's name and its line stay together."""
    from markupsafe import Markup, escape

    return Markup("/<wbr>").join(escape(part) for part in inline(text).split("/"))


def named(message: str) -> list[str]:
    """A message in pieces, on one line: every second one is a name that stood in backticks."""
    pieces = inline(message).split("`")
    return pieces if len(pieces) % 2 else [inline(message)]


def content_policy(style: str, script: str) -> str:
    """The Content-Security-Policy of a page that holds this style sheet and this script (THREATS O12)."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
