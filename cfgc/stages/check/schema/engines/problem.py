"""What a keyword of engine 2 reports, in the shape that `jsonschema` passes on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jsonschema.exceptions import ValidationError

from cfgc.stages.check.schema.engines.finding import Verdict


class Problem(ValidationError):
    """An error of ours: with a verdict, and with details instead of a message, which could quote a secret."""

    def __init__(
        self,
        verdict: Verdict = Verdict.WRONG,
        *,
        detail: Any = None,
        path: Iterable[str | int] = (),
        context: Iterable[ValidationError] = (),
    ) -> None:
        super().__init__("", path=path, context=list(context))
        self.verdict = verdict
        self.detail = detail


def verdict_of(error: ValidationError) -> Verdict:
    return error.verdict if isinstance(error, Problem) else Verdict.WRONG


def is_wrong(errors: Iterable[ValidationError]) -> bool:
    """Whether errors are more than doubts."""
    return any(verdict_of(error) is Verdict.WRONG for error in errors)
