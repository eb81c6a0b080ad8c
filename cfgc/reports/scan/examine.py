"""The bytes of one file -> its facts. Whatever the bytes are: nothing here raises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from hashlib import sha1
from typing import NamedTuple

from cfgc.reports.scan import code, variables
from cfgc.reports.scan.code.findings import Findings
from cfgc.reports.scan.formats import outline_of
from cfgc.reports.scan.formats.json import NOT_PLAIN
from cfgc.reports.scan.grammar import INSTALL, MissingGrammar, TooSlow
from cfgc.reports.scan.inventory import Facts, State
from cfgc.reports.scan.names import NOWHERE, Around, Candidate
from cfgc.reports.scan.outline import Outline, Problem
from cfgc.reports.scan.roles import role_of
from cfgc.reports.scan.sealed import pem_role, sealed_values, sealed_whole
from cfgc.reports.scan.secrets import find_secrets, shown_name
from cfgc.reports.scan.templated import is_template

_TOP = 30
_LARGEST_CODE = 1 << 20
"""of what tree-sitter reads: of text that is wrong all over, it takes six seconds"""
_TOO_SLOW = "it takes too long to read"
_XML = re.compile(r"\s*<")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DECLARED = re.compile(
    rb"<\?xml[^>]{1,80}encoding=[\"']((?:iso-8859-|windows-|cp|ibm)[0-9]{1,4}|us-ascii|latin1|"
    rb"big5|gb2312|gbk|gb18030|euc-(?:jp|kr|cn)|shift_jis|koi8-[ru]|iso-2022-(?:jp|kr)|tis-620)[\"']",
    re.IGNORECASE,
)
_MAY_BE_BLANK = frozenset(("yaml", "jsonc"))


class _Decoded(NamedTuple):
    text: str
    note: str = ""
    problem: Problem | None = None


def examine(path: str, raw: bytes, candidate: Candidate, around: Around = NOWHERE) -> Facts | None:
    """The facts of a file; none for code in which there is no configuration, and for a name that promised too much."""
    blob = sha1(b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest()
    facts = Facts(path, candidate.format, around.role(path), len(raw), "ok", blob)
    if candidate.code:
        return _code(raw, facts)
    how = sealed_whole(raw)
    if candidate.format == "age" and not how and b"AGE-SECRET-KEY-1" not in raw and not path.endswith(".age"):
        return None  # any `keys.txt`
    if how:
        role = "private key" if how == "PEM" else f"secrets ({how})"
        return replace(facts, role=role, state="encrypted", encrypted={how: 1})
    is_text = b"\0" not in raw or raw.startswith(_UTF16)
    if candidate.format == "keystore" or not is_text:
        return replace(facts, role=role_of(path, facts.format, None), state="binary", note="it is no text")
    return _configuration(raw, facts, candidate)


def _configuration(raw: bytes, facts: Facts, candidate: Candidate) -> Facts:
    decoded = _decode(raw)
    text = decoded.text
    means = _format(candidate.format, text)
    outline, note = _outline(text, means)
    state, problem, why = _state(candidate._replace(format=means), decoded, outline)
    if state == "template" and outline is not None and outline.problem is not None:
        outline = None  # what was read before a tag of the template is a part of no whole
    shown = outline or Outline()
    role = _role(facts, means, candidate, decoded.text, outline)
    return replace(
        facts,
        format=(shown.dialect if problem is None else "") or means,
        role=role,
        state=state,
        note=note or why,
        problem=problem,
        keys=shown.keys,
        top=_names(list(shown.top)[:_TOP]),
        documents=shown.documents,
        whole=shown.whole,
        declared=_names(variables.declared(role, means, shown)),
        used=_lines(variables.used_in_text(text) if state == "template" else variables.used(role, means, shown)),
        expects=_names(variables.expected(text)) if state == "template" else (),
        encrypted=sealed_values(text, outline),
        suspected=tuple(find_secrets(text, outline)),
    )


def _outline(text: str, format: str) -> tuple[Outline | None, str]:
    """What a text says; none for a format without keys, with a note where it could be read and is not."""
    if not text.strip() and format in _MAY_BE_BLANK:
        return Outline(), "it is empty"
    if format == "pem" and "-----BEGIN " not in text:
        return None, ""
    if format == "hcl" and len(text) > _LARGEST_CODE:
        return None, "it is too large to be parsed"
    try:
        return outline_of(text, format), ""
    except MissingGrammar:
        return None, INSTALL
    except TooSlow:
        return None, _TOO_SLOW


def _state(candidate: Candidate, decoded: _Decoded, outline: Outline | None) -> tuple[State, Problem | None, str]:
    """Whether a file parses, where it first does not, and a note on that."""
    problem = decoded.problem or _problem(candidate.format, outline)
    if candidate.template:
        return "template", None, decoded.note
    if decoded.problem is None and is_template(decoded.text, candidate.format, problem):
        return "template", None, "it holds the tags of a template"
    if problem is not None:
        return "broken", problem, decoded.note
    if outline is None:
        return "not-checked", None, decoded.note
    return "ok", None, decoded.note or ("" if outline.whole else "only its first part was read")


def _problem(format: str, outline: Outline | None) -> Problem | None:
    """What is wrong with a text; a dialect that its name allows is not."""
    if outline is None or outline.problem is None:
        return None
    allowed = {"jsonc": ("jsonc",), "rc": ("jsonc",), "json5": ("jsonc", "json5")}.get(format, ())
    only_dialect = outline.problem.message == NOT_PLAIN
    return None if only_dialect and outline.dialect in allowed else outline.problem


def _role(facts: Facts, format: str, candidate: Candidate, text: str, outline: Outline | None) -> str:
    if format == "pem":
        return pem_role(text)
    if format == "age" and "AGE-SECRET-KEY-1" in text:
        return "age identity"
    role = role_of(facts.path, format, outline, facts.role)
    return f"{role}, sample" if candidate.sample else role


def _format(named: str, text: str) -> str:
    """The format where a name leaves it open."""
    if named == "config":
        return "xml" if _XML.match(text) else "text"
    if named == "rc":
        return "jsonc" if text.lstrip()[:1] in ("{", "/") else "yaml"
    return named


def _decode(raw: bytes) -> _Decoded:
    """The text of bytes; what is not UTF-8 is read as Latin-1, so that keys and secrets are found all the same."""
    wide = raw.startswith(_UTF16)
    if declared := _DECLARED.match(raw):
        with suppress(LookupError):  # `windows-9999`
            return _Decoded(raw.decode(declared[1].decode(), "replace"), "it is not UTF-8, and says so")
    try:
        return _Decoded(raw.decode("utf-16" if wide else "utf-8-sig"), "it is UTF-16" if wide else "")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        problem = Problem(line, column, "it is not UTF-8")
        return _Decoded(raw.decode("latin-1"), "it is not UTF-8", problem)


def _code(raw: bytes, facts: Facts) -> Facts | None:
    """A source is listed for what it holds of configuration, and for a secret that has a form."""
    text = raw.decode("utf-8", "replace")
    suspected = tuple(find_secrets(text, None, code=True))
    found, note = Findings(), ""
    if len(raw) <= _LARGEST_CODE and code.worth_parsing(raw, facts.format):
        try:
            found = code.read(text, facts.format)
        except MissingGrammar:
            note = INSTALL
        except TooSlow:
            note = _TOO_SLOW
    if not (found.structs or found.reads or suspected or note):
        return None
    structs = tuple(each._replace(name=shown_name(each.name), keys=_names(each.keys)) for each in found.structs)
    return replace(
        facts,
        role="source code",
        state="not-checked" if note else "ok",
        note=note,
        keys=sum(len(each.keys) for each in structs),
        used=_lines(found.reads),
        suspected=suspected,
        structs=structs,
    )


def _lines(used: Mapping[str, int]) -> dict[str, int]:
    """By name; what is masked becomes one."""
    return {shown_name(name): used[name] for name in sorted(used)}


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(shown_name, names))
