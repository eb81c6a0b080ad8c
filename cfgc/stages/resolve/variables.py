"""Runtime variables: left unknown, or filled in from the process environment (SPEC section 5)."""

from __future__ import annotations

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.keypath import KeyPath, show
from cfgc.model.values import MASK, Secret, Unknown, Value, Variable, masked
from cfgc.stages.resolve.compose import NotTextError, pieces_of
from cfgc.stages.resolve.context import Context
from cfgc.stages.resolve.findings import Missing
from cfgc.stages.resolve.template import OPENING, Reference

PARTS = {":-": "default", ":?": "message"}


class Variables:
    """What is done with the runtime variables of one run, and which ones there are."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.found: dict[tuple[str, KeyPath], None] = {}
        self._unset: dict[str, list[KeyPath]] = {}

    def known(self, reference: Reference, path: KeyPath) -> Value:
        """The value to put in, none if the variable is not set; an `Unknown` when variables are not filled in."""
        self.found[reference.name, path] = None
        if self._context.variables is None:
            return Unknown((Variable(reference.name),))
        text = self._context.variables.get(reference.name)
        if text is None or not self._context.annotated("x-cfgc-secret", path):
            return text
        return Secret(Variable(reference.name).text, "string", text, (path,))

    def lacks(self, name: str, path: KeyPath) -> None:
        """Remember that a variable is not set and has no default."""
        self._unset.setdefault(name, []).append(path)

    def missing(self) -> list[Diagnostic]:
        """One finding for each variable that is not set."""
        return [_unset(name, sorted(set(paths), key=show)) for name, paths in self._unset.items()]


def _unset(name: str, paths: list[KeyPath]) -> Diagnostic:
    notes = [f"`{show(path)}` needs it too" for path in paths[1:]]
    return report("missing-variable", path=paths[0], variable=name, notes=notes)


def with_operand(reference: Reference, name: str, operand: Value, path: KeyPath) -> Unknown:
    """A variable with its default or message behind its name, as Compose and shells read it.

    Raises `Missing` for an operand that such a text cannot hold.
    """
    what = ""
    parts: list[str] = []
    try:
        for piece in pieces_of(operand):
            text = piece.text if isinstance(piece, Variable) else MASK if isinstance(piece, Secret) else piece
            if isinstance(piece, Secret):
                what = "a secret"
            elif isinstance(piece, str) and ("}" in text or OPENING in text):
                what = "`}` or `${`"
            parts.append(text)
    except NotTextError as error:
        what = str(error)
    if what:
        part = PARTS[reference.operator]
        raise Missing(report("unwritable-default", path=path, part=part, variable=name, what=what), optional=False)
    return Unknown((Variable(name, reference.operator, "".join(parts)),))


def shown(message: Value) -> str:
    """The message of `:?` as text that is safe to show."""
    return str(masked(message))
