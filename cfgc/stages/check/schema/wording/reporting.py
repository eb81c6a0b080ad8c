"""Findings to diagnostics: words, the line of the schema, and silence about what is secret (THREATS S05)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.model.keypath import KeyPath, show, starts_with
from cfgc.model.layers import Locator
from cfgc.model.location import Location
from cfgc.stages.check.schema.engines.finding import Finding, Verdict
from cfgc.stages.check.schema.keywords import DECIDING
from cfgc.stages.check.schema.linking.linked import Linked, Schema, place_of
from cfgc.stages.check.schema.phrases import names
from cfgc.stages.check.schema.wording.words import describe

_NOTES = {Verdict.SECRET: "not-evaluated-secret", Verdict.RUNTIME: "not-evaluated-runtime"}


class Reporter:
    """Makes diagnostics of findings about one value that stands at `base`.

    `secrets` are the paths below it of secrets whose plain values were checked.
    """

    def __init__(self, linked: Linked, locator: Locator, base: KeyPath, secrets: Iterable[KeyPath]) -> None:
        self._linked = linked
        self._locator = locator
        self._base = base
        self._secrets = tuple(secrets)

    def diagnostics(self, findings: list[Finding]) -> Iterator[Diagnostic]:
        """One diagnostic for each mistake, one note for each value that was not evaluated."""
        for finding in findings:
            if finding.verdict is Verdict.WRONG:
                yield self._hidden(finding) if self._is_secret(finding) else self._shown(finding)
        yield from self._open(findings)

    def open(self, path: KeyPath, verdict: Verdict, keywords: Iterable[str]) -> Diagnostic:
        """The note that keywords were not evaluated."""
        unique = list(dict.fromkeys(keywords))
        full = (*self._base, *path)
        verb = "is" if len(unique) == 1 else "are"
        return report(_NOTES[verdict], path=full, key=show(full), keywords=names(unique), verb=verb)

    def _open(self, findings: list[Finding]) -> Iterator[Diagnostic]:
        keywords: dict[tuple[KeyPath, Verdict], list[str]] = {}
        for finding in findings:
            if finding.verdict is not Verdict.WRONG:
                keywords.setdefault((finding.path, finding.verdict), []).append(finding.keyword)
        for (path, verdict), found in keywords.items():
            yield self.open(path, verdict, found)

    def _is_secret(self, finding: Finding) -> bool:
        """Whether words about a finding could tell something of a secret: it is one, or a keyword compares one."""
        if any(starts_with(finding.path, secret) for secret in self._secrets):
            return True
        return finding.keyword in DECIDING and any(starts_with(secret, finding.path) for secret in self._secrets)

    def _hidden(self, finding: Finding) -> Diagnostic:
        path = (*self._base, *finding.path)
        return report(
            "schema-secret",
            path=path,
            key=show(path),
            keyword=finding.keyword,
            place=str(self._line(finding)),
            quotable=False,
        )

    def _shown(self, finding: Finding) -> Diagnostic:
        path = (*self._base, *finding.path)
        words = describe(finding, show(path))
        facts: dict[str, Any] = words.facts
        return report(
            words.rule,
            path=path,
            label=words.label,
            related=[Label(self._line(finding), "the schema says so here")],
            notes=list(self._notes(finding)),
            help=words.hint,
            blame_key=words.blame_key,
            **facts,
        ).but(lacks=facts.get("missing", ""))

    def _line(self, finding: Finding) -> Location:
        origin = self._linked.origin(finding.schema)
        is_false = finding.keyword == "not" and finding.wanted == {}
        return place_of(self._locator, origin if is_false else origin.below(finding.keyword))

    def _notes(self, finding: Finding) -> Iterator[str]:
        if about := self._description(finding):
            yield about
        if finding.alternative:
            alternatives = len(finding.alternative.branches)
            yield f"this is the nearest of the {alternatives} alternatives of `{finding.alternative.keyword}`"
        if finding.condition is not None and not self._secrets:
            origin = self._linked.origin(finding.condition)
            yield f"it applies because of the `if` in {place_of(self._locator, origin)}"

    def _description(self, finding: Finding) -> str:
        """What the schema says of the value, or of the key that is missing."""
        schema = finding.schema
        if finding.keyword == "required":
            schema = schema.get("properties", {}).get(finding.detail, {})
        elif finding.keyword in ("additionalProperties", "unevaluatedProperties", "not"):
            return ""
        return self._text(schema)

    def _text(self, schema: Schema) -> str:
        while "description" not in schema and "$ref" in schema:
            schema = self._linked.targets[schema["$ref"]]
        return str(schema.get("description", ""))
