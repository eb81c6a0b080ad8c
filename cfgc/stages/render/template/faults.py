"""Exceptions of a running template into findings: the template and line, and never a value (THREATS J09)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from types import TracebackType
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError
from jinja2.exceptions import SecurityError, TemplateNotFound, TemplatesNotFound
from jinja2.utils import missing as not_given

from cfgc.model.keypath import show
from cfgc.model.text import closest
from cfgc.stages.render.template.engine import Missing, UndefinedName
from cfgc.stages.render.template.fault import Fault, Finding
from cfgc.stages.render.template.files import Templates
from cfgc.stages.render.template.filters import filters, tests
from cfgc.stages.render.template.syntax import explained
from cfgc.stages.render.template.views import MapView

FAULTS = (
    TemplateError, Fault, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RuntimeError,
    AssertionError, SyntaxError, MemoryError,
)  # fmt: skip
"""Whatever a template can make Jinja or Python raise."""

_METHODS = {"items": "items", "keys": "list", "values": "items", "get": "default"}


def describe(error: BaseException, template: str, templates: Templates, visible: Iterable[str]) -> Finding:
    """The finding of an exception that left a template; `visible` are the names that templates see."""
    name, line = _place(error, template)
    if not line and type(error) in _OF_THE_WHOLE:
        return Finding("template-failed", {"reason": _OF_THE_WHOLE[type(error)]}, name, 1)
    source = _line(templates, name, line)
    rule, facts, advice, path = _words(error, source, visible, templates)
    word = facts.get("word", "")
    column = source.find(word) + 1 if word and source.count(word) == 1 else len(source) - len(source.lstrip()) + 1
    end = column + len(word) if word and source.count(word) == 1 else len(source) + 1
    return Finding(rule, facts, name, line, max(column, 1), max(end, 2), advice, path)


def _place(error: BaseException, template: str) -> tuple[str, int]:
    if isinstance(error, TemplateSyntaxError):
        return error.name or template, error.lineno
    if isinstance(error, Fault) and error.place is not None:
        return error.place
    found = (template, 0)
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        compiled = trace.tb_frame.f_globals.get("__jinja_template__")
        if compiled is not None:
            found = compiled.name, compiled.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return found


def _line(templates: Templates, name: str, line: int) -> str:
    lines = templates.texts.get(name, "").split("\n")
    return lines[line - 1] if 0 < line <= len(lines) else ""


Words = tuple[str, "dict[str, str]", "str | None", Any]


def _words(error: BaseException, source: str, visible: Iterable[str], templates: Templates) -> Words:
    if isinstance(error, Fault):
        return error.rule, error.facts, error.help, error.path
    if isinstance(error, UndefinedName):
        return _undefined(error.missing, source, visible)
    if isinstance(error, TemplateNotFound):
        return _not_found(error, templates)
    if isinstance(error, SecurityError):
        return "template-forbidden", {"word": _written(str(error), source)}, None, None
    if isinstance(error, TemplateSyntaxError):
        words = explained(error.message or "", lambda kind: filters() if kind == "filter" else tests())
        return "template-syntax", {"reason": words.reason, "word": words.word}, words.help, None
    return (
        "template-failed",
        {"reason": _REASONS.get(type(error), "an operation does not fit its operands")},
        None,
        None,
    )


_REASONS: dict[type, str] = {
    ZeroDivisionError: "a division by zero",
    RecursionError: "a macro or an include calls itself without end",
    MemoryError: "it needs too much memory",
    SyntaxError: "it is nested too deeply",
    OverflowError: "a number is too large",
}
_OF_THE_WHOLE: dict[type, str] = {
    RecursionError: "it is nested too deeply",
    MemoryError: "it is nested too deeply",
    SyntaxError: "it is nested too deeply",
    UnicodeEncodeError: "it makes text that is not valid Unicode",
}
"""Where no line was running: the template was compiled, or what it made was put together."""


def _not_found(error: TemplateNotFound, templates: Templates) -> Words:
    names = error.templates if isinstance(error, TemplatesNotFound) else [error.name]
    word = str(names[-1])
    meant = closest(word, list(templates.texts))
    return "template-missing", {"word": word}, f"did you mean `{meant}`?" if meant else None, None


def _undefined(missing: Missing, source: str, visible: Iterable[str]) -> Words:
    owner, name = missing._undefined_obj, str(missing._undefined_name)  # noqa: SLF001
    shown = _written(name, source)
    if isinstance(owner, MapView):
        return (
            "template-undefined",
            {"word": shown, "where": f" in `{show(owner.key_path)}`"},
            _hint(shown, owner),
            None,
        )
    names = visible if owner is not_given else ()
    return "template-undefined", {"word": shown, "where": ""}, _hint(shown, names), None


def _hint(name: str, known: Iterable[str]) -> str | None:
    meant = closest(name, list(known))
    if meant is not None:
        return f"did you mean `{meant}`?"
    return f"use the filter `{_METHODS[name]}`: methods of a map cannot be called" if name in _METHODS else None


def _written(name: str, source: str) -> str:
    """A name, if the template itself says it; one that was computed may be a value and is not shown."""
    return name if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", source) else "..."
