"""One site, or one container, at a time -> its value. What it needs first it asks for by raising `Pending`."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from weakref import WeakMethod

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.keypath import KeyPath, show
from cfgc.model.provenance import Hop
from cfgc.model.values import Secret, Unknown, Value, Variable, kind_of
from cfgc.stages.resolve.budget import Budget, BudgetError
from cfgc.stages.resolve.build import build, fill, open_sites
from cfgc.stages.resolve.compose import NotTextError, Piece, join, pieces_of, text_of
from cfgc.stages.resolve.context import Context
from cfgc.stages.resolve.findings import Missing, a, missing
from cfgc.stages.resolve.locate import Absent, Broken, Locate, Pending, Place, Places, Task
from cfgc.stages.resolve.outside import Outside
from cfgc.stages.resolve.relative import absolute, container
from cfgc.stages.resolve.sites import FAILED, UNSET, Marks, Ready, Site
from cfgc.stages.resolve.template import Reference, Template
from cfgc.stages.resolve.variables import Variables, shown, with_operand


class Found(NamedTuple):
    """A value, and where it stands if it was taken from the tree as it is; `target` is the path it was named by."""

    value: Value
    places: Places | None = None
    target: KeyPath | None = None


class Evaluate:
    """The values of one tree. Everything is worked out once; findings are kept apart from values."""

    def __init__(self, tree: Value, marks: Marks, context: Context) -> None:
        self._context = context
        self._outside = Outside(context)
        self._budget = Budget()
        self._exceeded: set[str] = set()
        self.locate = Locate(tree, marks, _weakly(self._text_at))
        self.variables = Variables(context)
        self.findings: dict[Diagnostic, None] = {}
        self.references: dict[Hop, None] = {}
        self.asked: dict[Hop, None] = {}
        self.not_loaded: dict[KeyPath, None] = {}

    def run(self, task: Task) -> None:
        """Work out one task; raises `Pending` when something else comes first."""
        if isinstance(task.subject, Marks):
            self._whole(task.subject)
        elif task.kind == "link":
            self._link(task.subject)
        else:
            self._value(task.subject)

    def fail(self, site: Site, finding: Diagnostic | None = None) -> None:
        """Give a site up; who depends on it stays silent."""
        if finding is not None:
            self.findings[finding] = None
        site.places = site.value = FAILED

    def _link(self, site: Site) -> None:
        reference = site.template[0]
        assert isinstance(reference, Reference)
        try:
            site.places = self._places(reference, site)
        except Missing as absent:
            self.fail(site, absent.diagnostic)
        except Broken:
            self.fail(site)

    def _value(self, site: Site) -> None:
        try:
            found = self._linked(site) if site.alias else self._template(site.template, site)
            if site.including and type(found.value) is not dict:
                raise Missing(report("invalid-include", path=site.path, what=a(kind_of(found.value))), optional=False)
            self._budget.charge(found.value)
        except BudgetError as error:
            self._spent(site, str(error))
        except Missing as absent:
            self.fail(site, absent.diagnostic)
        except Broken:
            self.fail(site)
        else:
            site.places, site.target, site.value = found.places, found.target, found.value

    def _spent(self, site: Site, reason: str) -> None:
        """Report each budget once: what comes after the first offender is a consequence."""
        first = reason not in self._exceeded
        self._exceeded.add(reason)
        self.fail(site, report("references-too-large", path=site.path, reason=reason) if first else None)

    def _linked(self, site: Site) -> Found:
        if site.places is UNSET:
            self._link(site)
        if site.places is FAILED:
            raise Broken
        return Found(self._of(site.places), site.places, site.target)

    def _whole(self, marks: Marks) -> None:
        waiting = [Task("value", site) for site in open_sites(marks) if not self._at_once(site)]
        if waiting:
            raise Pending(*waiting)
        marks.value = build(marks)

    def _at_once(self, site: Site) -> bool:
        """Whether a site needs nothing that is not there yet, as most do."""
        try:
            self._value(site)
        except Pending:
            return False
        return True

    # templates

    def _template(self, template: Template, site: Site) -> Found:
        if len(template) == 1 and isinstance(template[0], Reference):
            return self._reference(template[0], site)
        pieces: list[Piece] = []
        waiting: list[Task] = []
        broken = False
        for part in template:
            try:
                pieces.extend([part] if isinstance(part, str) else self._inline(part, site))
            except Pending as pending:
                waiting += pending.tasks
            except Broken:
                broken = True
        if waiting:
            raise Pending(*waiting)
        if broken:
            raise Broken
        return Found(join(pieces))

    def _inline(self, reference: Reference, site: Site) -> list[Piece]:
        """A reference inside text; every one of a text reports for itself."""
        try:
            return list(pieces_of(self._reference(reference, site).value))
        except Missing as absent:
            self.findings[absent.diagnostic] = None
        except NotTextError as error:
            target = show(absolute(reference, site.path)) if reference.kind == "tree" else reference.name
            default = "give it a default" if str(error) == "null" else "let the reference stand alone"
            hint = f"{default}, or refer to a scalar"
            found = report("reference-not-scalar", path=site.path, target=target, kind=error, hint=hint)
            self.findings[found] = None
        raise Broken

    def _reference(self, reference: Reference, site: Site) -> Found:
        if not reference.operator:
            return self._plain(reference, site)
        try:
            found = self._plain(reference, site)
        except Missing as absent:
            if not absent.optional:
                raise
            return self._instead(reference, site)
        return self._instead(reference, site) if _empty(found.value) else self._still_unknown(reference, found, site)

    def _plain(self, reference: Reference, site: Site) -> Found:
        """What a reference stands for, its default and message left out."""
        if reference.kind == "variable":
            return Found(self._variable(reference, site))
        if reference.kind == "scheme":
            return Found(self._outside.value(reference, site.path))
        places = self._places(reference, site)
        return Found(self._of(places), places, absolute(reference, site.path))

    def _variable(self, reference: Reference, site: Site) -> Value:
        value = self.variables.known(reference, site.path)
        if value is None and not reference.operator:
            self.variables.lacks(reference.name, site.path)
            raise Broken
        return value

    def _instead(self, reference: Reference, site: Site) -> Found:
        """The default; a missing value whose message asks for it is a finding."""
        operand = self._template(reference.operand, site)
        if reference.operator == ":-":
            return operand
        name = show(absolute(reference, site.path)) if reference.kind == "tree" else reference.name
        message = shown(operand.value) or "it has no value"
        hint = "set the variable" if reference.kind == "variable" else "give it a value in a layer"
        raise Missing(report("required-value", path=site.path, target=name, message=message, hint=hint), optional=False)

    def _still_unknown(self, reference: Reference, found: Found, site: Site) -> Found:
        """A lone variable takes the default with it into the artifact: nobody knows yet whether it is empty."""
        value = found.value
        if not isinstance(value, Unknown) or not value.alone or not isinstance(value.parts[0], Variable):
            return found
        variable = value.parts[0]
        if variable.operator:
            return found
        return Found(with_operand(reference, variable.name, self._template(reference.operand, site).value, site.path))

    # the tree

    def _places(self, reference: Reference, site: Site) -> Places:
        target = absolute(reference, site.path)
        self.asked[Hop(site.path, target)] = None
        try:
            places = self.locate(target)
        except Absent as absent:
            wanted = (*absent.path, *absent.rest)
            self._loaded(wanted, wanted)
            raise missing(absent, site.path, reference.up, self._siblings(site.path)) from None
        for place in places:
            self._loaded(place.path, place.path)
        self.references[Hop(site.path, places[0].path)] = None
        return places

    def _loaded(self, wanted: KeyPath, path: KeyPath) -> None:
        if not self._context.loaded(path):
            self.not_loaded[wanted] = None
            raise Broken

    def _siblings(self, path: KeyPath) -> list[str]:
        try:
            places = self.locate(container(path, 1) or ())
        except (Absent, Pending, Broken):
            return []
        return [key for place in places if type(place.node) is dict for key in place.node]

    def _of(self, places: Places) -> Value:
        """The value that a stack of places comes to."""
        value = self._at(places[0])
        for place in places[1:]:
            value = fill(value, self._at(place))
        return value

    def _at(self, place: Place) -> Value:
        mark = place.mark
        if mark is None:
            return place.node
        if isinstance(mark, Ready):
            return mark.value
        if mark.value is UNSET:
            raise Pending(Task("value" if isinstance(mark, Site) else "whole", mark))
        if mark.value is FAILED:
            raise Broken
        return mark.value

    def _text_at(self, path: KeyPath) -> str | None:
        try:
            places = self.locate(path)
            if isinstance(places[0].node, (dict, list)):
                return None
            value = self._of(places)
            return None if isinstance(value, (Secret, Unknown)) else text_of(value)
        except (Absent, Broken, NotTextError):
            return None


def _weakly(text_at: Callable[[KeyPath], str | None]) -> Callable[[KeyPath], str | None]:
    """A method that does not keep its object: nobody collects circles in a run of the command line."""
    held = WeakMethod(text_at)

    def call(path: KeyPath) -> str | None:
        alive = held()
        return alive(path) if alive else None

    return call


def _empty(value: Value) -> bool:
    """Unset or empty, as Compose understands it."""
    return value is None or (type(value) is str and value == "")
