"""A value in plain text that looks like a secret: by its own form, or by the name of its key.

Why: what is committed once is known for ever; no schema has to say that a password is secret.
Fix: move it to a SOPS file and rotate it; or, where it is none, say `x-cfgc-secret: false` in the schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, partial

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.keypath import KeyPath, show
from cfgc.model.layers import Document
from cfgc.model.values import Marked, Value
from cfgc.stages.check.rules.estate import Estate

NAME = "suspected-secret"
_SHORTEST = 6


def check(estate: Estate) -> Iterator[Diagnostic]:
    """A finding for each suspicious text in a layer file; the value is never quoted."""
    for document in estate.documents():
        for path, reason in estate.once(NAME, document, partial(_suspects, document)):
            where = (*document.file.at, *path)
            if estate.annotations.get("x-cfgc-secret", where) is None:
                place = estate.locator.value(document.file.path, path)
                yield report(NAME, at=place, path=where, quotable=False, key=show(where), reason=reason)


def _suspects(document: Document) -> list[tuple[KeyPath, str]]:
    """The texts of a document that look like secrets, and why."""
    if document.file.sops:
        return []
    found = ((path, _reason(path, text)) for path, text in _texts(document.data, ()) if "${" not in text)
    return [(path, reason) for path, reason in found if reason]


def _reason(path: KeyPath, text: str) -> str | None:
    form = _forms().search(text)
    if form is not None:
        return f"its value has the form of {form.lastgroup.replace('_', ' ')}" if form.lastgroup else None
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    if len(text) >= _SHORTEST and " " not in text and _names().search(key):
        return "its name says so"
    return None


@cache
def _names() -> re.Pattern[str]:
    return re.compile(r"(?i)(?:^|[_.-])(?:password|passwd|secret|token|api[_-]?key|private[_-]?key|access[_-]?key)$")


@cache
def _forms() -> re.Pattern[str]:
    return re.compile(
        r"(?P<a_private_key>-----BEGIN [A-Z ]*PRIVATE KEY-----)"
        r"|(?P<an_age_identity>AGE-SECRET-KEY-1[0-9A-Z]{20})"
        r"|(?P<an_AWS_key>\bAKIA[0-9A-Z]{16}\b)"
        r"|(?P<a_GitLab_token>\bglpat-[0-9A-Za-z_-]{20})"
        r"|(?P<a_GitHub_token>\bgh[pousr]_[0-9A-Za-z]{36})"
        r"|(?P<a_Slack_token>\bxox[abprs]-[0-9A-Za-z-]{10})"
        r"|(?P<a_URL_with_a_password>://[^/\s:@]+:[^/\s:@]+@)"
    )


def _texts(value: Value, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, Marked):
        value = value.value
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))
