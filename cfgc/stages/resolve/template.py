"""The text of a value -> its references (SPEC section 5, the table of forms).

    text      = ( literal | "$${" | reference )*
    reference = "${" name [ (":-" | ":?") text ] "}"
    name      = key path | "."+ key path | VARIABLE | scheme ":" rest

`$${` stands for a literal `${`. A reference may stand in a default or a message, never in a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, TypeAlias

from cfgc.model.keypath import ROOT, KeyPath, KeyPathError, parse

Kind: TypeAlias = Literal["tree", "variable", "scheme"]
Operator: TypeAlias = Literal["", ":-", ":?"]

MAX_NESTING = 50
"""How deep references may stand in the defaults of others (THREATS R02)."""

OPENING = "${"

LITERAL_HELP = "write `$${` where a literal `${` is meant, or mark the value with `!raw`"
QUOTING_HELP = 'quote a key with special characters: `${a."b c"}`'

_DELIMITER = re.compile(r"\$\$\{|\$\{|\}")
_OPENING = re.compile(r"\$\$\{|\$\{")
_SCHEME = re.compile(r"([a-z][a-z0-9+-]*):(?![-?])")
_VARIABLE = re.compile(r"_*[A-Z][A-Z0-9_]*")
_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_PATH_NAME = re.compile(rf'(?:{_QUOTED}|\[(?:{_QUOTED}|[^\]"])*\]|(?!:[-?])[^"\[}}$]|\$(?!\{{))*', re.DOTALL)
_REST = re.compile(r"(?:(?!:[-?])[^}$]|\$(?!\{))*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reference:
    """One `${...}`: `up` counts the leading dots, `scheme` is empty but for `kind == "scheme"`."""

    kind: Kind
    name: str
    path: KeyPath = ROOT
    up: int = 0
    scheme: str = ""
    operator: Operator = ""
    operand: Template = ()


Template: TypeAlias = "tuple[str | Reference, ...]"


class TemplateError(ValueError):
    """A text whose references cannot be read; `reason` is a sentence, `help` says what to write."""

    def __init__(self, reason: str, help: str = LITERAL_HELP) -> None:
        super().__init__(reason)
        self.reason = reason
        self.help = help


class _Read(NamedTuple):
    template: Template
    end: int


def parse_template(text: str) -> Template:
    """The literals and references of a text, in order; raises `TemplateError`."""
    return _text(text, 0, depth=0).template


def only_references(text: str) -> bool:
    """Whether a text holds nothing but references, down to their defaults (SPEC section 6, `x-cfgc-secret`)."""
    if OPENING not in text:
        return False
    try:
        return _bare(parse_template(text))
    except TemplateError:
        return False


def _bare(template: Template) -> bool:
    return all(
        isinstance(part, Reference) and (part.operator != ":-" or _bare(part.operand))  # a message is no value
        for part in template
    )


def _text(text: str, at: int, *, depth: int) -> _Read:
    """Reads up to the end, or inside a reference (`depth` > 0) up to the `}` that closes it."""
    parts: list[str | Reference] = []
    delimiter = _DELIMITER if depth else _OPENING
    while found := delimiter.search(text, at):
        _literal(parts, text[at : found.start()])
        at = found.end()
        if found[0] == "}":
            return _Read(tuple(parts), found.start())
        if found[0] == OPENING:
            reference, at = _reference(text, at, depth=depth + 1)
            parts.append(reference)
        else:
            _literal(parts, OPENING)
    if depth:
        raise TemplateError("a `${` is never closed")
    _literal(parts, text[at:])
    return _Read(tuple(parts), len(text))


def _literal(parts: list[str | Reference], text: str) -> None:
    if not text:
        return
    if parts and isinstance(parts[-1], str):
        parts[-1] += text
    else:
        parts.append(text)


def _reference(text: str, at: int, *, depth: int) -> tuple[Reference, int]:
    """The reference whose name starts at `at`, and where the text goes on behind its `}`."""
    if depth > MAX_NESTING:
        raise TemplateError(f"references stand in each other deeper than {MAX_NESTING} levels", "use fewer defaults")
    scheme = _SCHEME.match(text, at)
    end = _end(_REST, text, scheme.end()) if scheme else _end(_PATH_NAME, text, at)
    name_end = end
    operator = _operator(text, end)
    operand: Template = ()
    if operator:
        operand, end = _text(text, end + len(operator), depth=depth)
    _closed(text, end)
    named = _scheme(scheme[1], text[scheme.end() : name_end]) if scheme else _name(text[at:name_end])
    return replace(named, operator=operator, operand=operand), end + 1


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _operator(text: str, at: int) -> Operator:
    if text.startswith(":-", at):
        return ":-"
    return ":?" if text.startswith(":?", at) else ""


def _closed(text: str, at: int) -> None:
    if text.startswith("}", at):
        return
    if text.startswith(OPENING, at):
        raise TemplateError(
            "a reference stands in the name of another",
            "only a default or a message may hold references: `${a:-${b}}`",
        )
    if "}" not in text[at:]:
        raise TemplateError("a `${` is never closed")
    raise TemplateError(f"unexpected `{text[at]}` in a reference", f"{QUOTING_HELP}; {LITERAL_HELP}")


def _scheme(scheme: str, rest: str) -> Reference:
    if scheme != "env":
        return Reference("scheme", f"{scheme}:{rest}", scheme=scheme)
    if not _VARIABLE_NAME.fullmatch(rest):
        raise TemplateError(f"`{excerpt(rest)}` is no name of an environment variable", "use letters, digits and `_`")
    return Reference("variable", rest)


def _name(name: str) -> Reference:
    if _VARIABLE.fullmatch(name):
        return Reference("variable", name)
    bare = name.lstrip(".")
    if not bare:
        raise TemplateError("a reference is empty")
    try:
        path = parse(bare)
    except KeyPathError as error:
        reason = f"`{excerpt(name)}` is no key path (position {error.column + 1 + len(name) - len(bare)})"
        raise TemplateError(reason, f"{QUOTING_HELP}; {LITERAL_HELP}") from None
    return Reference("tree", name, path, up=len(name) - len(bare))


def excerpt(text: str) -> str:
    """A name as messages show it: a text that is no reference at all may be long."""
    return text if len(text) <= 60 else f"{text[:57]}..."
