"""`junit`: XML that every CI server shows: one suite an environment, one case a stage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from cfgc.diagnostics.catalogue import STAGES, stages
from cfgc.diagnostics.renderers.listing import Finding, Listing, one_line
from cfgc.model.text import inline

_PROJECT = "project"
"""the suite of what concerns no single environment"""
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(listing: Listing) -> str:
    """One document. Errors are failures; warnings and notes stand in the output of their case."""
    findings = listing.findings()
    suites = [_suite(_PROJECT, [each for each in findings if not each.environments])]
    suites += [
        _suite(name, [each for each in findings if name in each.environments]) for name in _names(listing, findings)
    ]
    return '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="cfgc">\n' + "".join(suites) + "</testsuites>\n"


def _names(listing: Listing, findings: Sequence[Finding]) -> list[str]:
    found = (name for finding in findings for name in finding.environments)
    return list(dict.fromkeys([*listing.environments, *found]))


def _suite(name: str, findings: Sequence[Finding]) -> str:
    cases = [(stage, [each for each in findings if stages().get(each.diagnostic.code) == stage]) for stage in STAGES]
    failures = sum(any(each.diagnostic.is_error for each in inside) for _, inside in cases)
    head = f'  <testsuite name={_attribute(name)} tests="{len(cases)}" failures="{failures}" errors="0" skipped="0">\n'
    return head + "".join(_case(name, stage, inside) for stage, inside in cases) + "  </testsuite>\n"


def _case(suite: str, stage: str, findings: Sequence[Finding]) -> str:
    head = f'    <testcase classname={_attribute(f"cfgc.{suite}")} name={_attribute(stage)} time="0"'
    if not findings:
        return f"{head}/>\n"
    errors = [each for each in findings if each.diagnostic.is_error]
    others = [each for each in findings if not each.diagnostic.is_error]
    body = ""
    if errors:
        first = errors[0].diagnostic
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        message = _attribute(one_line(first.message) + more)
        body += f"      <failure type={_attribute(first.code)} message={message}>{_text(errors)}</failure>\n"
    if others:
        body += f"      <system-out>{_text(others)}</system-out>\n"
    return f"{head}>\n{body}    </testcase>\n"


def _text(findings: Sequence[Finding]) -> str:
    return escape(_clean("\n".join(_said(finding) for finding in findings)))


def _said(finding: Finding) -> str:
    found = finding.diagnostic
    place = inline(str(found.location)) if found.location else finding.path
    lines = [f"{place + ': ' if place else ''}{found.severity}[{found.code}] {found.message}"]
    lines += [f"  note: {note}" for note in found.notes]
    return "\n".join([*lines, f"  help: {found.help}"] if found.help else lines)


def _attribute(text: str) -> str:
    return quoteattr(_clean(text))


def _clean(text: str) -> str:
    """The text without the characters that XML 1.0 cannot hold, written in any way."""
    return _NO_XML.sub("", text)
