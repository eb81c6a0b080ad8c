"""What a gap is: one place where the environments, the model and the code do not say the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cfgc.diagnostics import Label, Severity
from cfgc.model.location import Location

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


class Verdict(NamedTuple):
    """A kind of gap: how bad it is where nothing else is said, what it means, and what cures it."""

    severity: Severity
    means: str
    cure: str


VERDICTS: Mapping[str, Verdict] = {
    "missing-required": Verdict(
        ERROR,
        "the schema requires the key, and the environment has none",
        "set it in the layer of the environment, or in `base` when one value fits all",
    ),
    "must-differ": Verdict(
        ERROR,
        "the schema says `x-cfgc-across: must-differ`, and environments have the same value",
        "give each of them a value of its own in its layer",
    ),
    "must-match": Verdict(
        ERROR,
        "the schema says `x-cfgc-across: must-match`, and environments have different values",
        "set it once in `base` and remove it from the overlays",
    ),
    "plain-text-secret": Verdict(
        ERROR,
        "a value that is secret, or looks so, stands in plain text",
        "move it to a `*.sops.yaml` file and rotate it; `x-cfgc-secret: false` in the schema where it is none",
    ),
    "recipients-differ": Verdict(
        ERROR,
        "a SOPS file is encrypted for others than the project says",
        "`sops updatekeys FILE` after `.sops.yaml` says the same as `secrets.recipients`",
    ),
    "variable-not-provided": Verdict(
        ERROR,
        "the code of the component reads a variable that the environment does not give it",
        "add the key that becomes this variable, or name an existing one with `x-cfgc-env`",
    ),
    "type-differs": Verdict(
        WARNING,
        "the value is of one type here and of another there",
        "write it with one type everywhere, and state that `type` in the schema",
    ),
    "only-here": Verdict(
        WARNING,
        "one environment alone has the key",
        "set it in `base` when the others lack it by mistake; remove it when it is a left-over",
    ),
    "undocumented": Verdict(
        WARNING,
        "the key is in no schema",
        "describe it in the schema, or say `additionalProperties: true` where any key may stand",
    ),
    "deprecated": Verdict(
        WARNING,
        "the schema calls the key `deprecated`",
        "use what the description of the key names instead",
    ),
    "secret-not-rotated": Verdict(
        WARNING,
        "the secret is older than the days that are allowed",
        "replace it where it comes from, then here with `sops edit`",
    ),
    "waiver-ending": Verdict(
        WARNING,
        "a waiver of a policy is about to run out",
        "cure what it waives, or agree on a new `until` with its owner",
    ),
    "variable-unused": Verdict(
        NOTE,
        "the component is given a variable that its code does not read",
        "remove the key, or leave it out of the output with `exclude`",
    ),
    "not-everywhere": Verdict(
        NOTE,
        "some environments have the key and others have not",
        "set it in `base` when it is meant for all",
    ),
    "only-in-base": Verdict(
        NOTE,
        "no environment says anything of its own: all have what the shared layers say",
        "nothing, if one value fits all; `x-cfgc-across: must-match` in the schema says so for good",
    ),
    "never-set": Verdict(
        NOTE,
        "the schema names the key, and no environment has it anywhere",
        "set it, or take it out of the schema",
    ),
    "never-used": Verdict(
        NOTE,
        "no template, reference or selecting output uses the value",
        "remove it, unless the component itself reads it from what is rendered whole",
    ),
}
"""Every verdict, the worst first."""


class Gap(NamedTuple):
    """One finding. `subject` is what it is about as text: a key path, a file, a variable, a waiver.

    `environments` are those that are to blame, none for a gap of the model itself. `known` says that the baseline has
    it. No text in it comes from a secret.
    """

    verdict: str
    severity: Severity
    subject: str
    message: str
    component: str = ""
    environments: tuple[str, ...] = ()
    location: Location | None = None
    related: tuple[Label, ...] = ()
    cure: str = ""
    known: bool = False

    @property
    def order(self) -> tuple[object, ...]:
        """A sort key: the worst first, then by verdict, then as they stand in the files."""
        place = self.location or Location("", 0, 0)
        rank = list(VERDICTS).index(self.verdict)
        return self.severity, rank, self.component, place.file, place.line, place.column, self.subject, self.message


class Unclear(NamedTuple):
    """What could not be told without a key or before the start: never counted as good, never as a gap."""

    verdict: str
    subject: str
    component: str
    environments: tuple[str, ...]
    why: str


def gap(verdict: str, subject: str, message: str, **more: Any) -> Gap:
    """A gap with the severity and the cure of its verdict, where it has none of its own."""
    kind = VERDICTS[verdict]
    return Gap(verdict, subject=subject, message=message, **{"severity": kind.severity, "cure": kind.cure, **more})
