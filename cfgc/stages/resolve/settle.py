"""A tree with references -> the tree with what they stand for.

mark      one walk finds the texts to resolve; all else stays shared with the input
settle    each is worked out once, in the order in which they need each other, without recursion
build     containers on the way to a resolved text are made anew
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.keypath import KeyPath
from cfgc.model.values import INCLUDE, Tree, Value, kind_of
from cfgc.stages.resolve.context import Context
from cfgc.stages.resolve.evaluate import Evaluate
from cfgc.stages.resolve.findings import a, cycle
from cfgc.stages.resolve.locate import Pending, Task
from cfgc.stages.resolve.relative import absolute, container
from cfgc.stages.resolve.resolved import Resolved
from cfgc.stages.resolve.sites import FAILED, UNSET, Site, mark
from cfgc.stages.resolve.template import OPENING, Reference, Template, TemplateError, excerpt, parse_template


def settled(tree: Tree, context: Context) -> Resolved:
    """A tree with every reference, include and runtime variable resolved."""
    sites = _Sites(context)
    marks = mark(tree, (), sites)
    if marks is None:
        return Resolved(tree, sites.findings)
    evaluate = Evaluate(tree, marks, context)
    settle(Task("whole", marks), evaluate, context)
    findings = [*sites.findings, *evaluate.findings, *evaluate.variables.missing()]
    return Resolved(marks.value, findings, evaluate)


def settle(goal: Task, evaluate: Evaluate, context: Context) -> None:
    """Work out a task and all that it needs, each once.

    The tasks that wait for others are the ancestors of the one at hand: needing one of them is a cycle.
    """
    stack = [goal]
    waiting: dict[Task, None] = {}
    while stack:
        task = stack[-1]
        if _done(task):
            stack.pop()
            waiting.pop(task, None)
            continue
        try:
            evaluate.run(task)
        except Pending as pending:
            waiting[task] = None
            looped = next((need for need in pending.tasks if need in waiting), None)
            if looped is None:
                stack.extend(need for need in pending.tasks if not _done(need))
            else:
                _break(looped, waiting, evaluate, context)


def _done(task: Task) -> bool:
    subject = task.subject
    return (subject.places if task.kind == "link" and isinstance(subject, Site) else subject.value) is not UNSET


def _break(looped: Task, waiting: dict[Task, None], evaluate: Evaluate, context: Context) -> None:
    """Report a cycle once and give up its sites; the containers in it are tried again without them."""
    tasks = list(waiting)
    ring = tasks[tasks.index(looped) :]
    sites = list(dict.fromkeys(task.subject for task in ring if isinstance(task.subject, Site)))
    finding = cycle([site.path for site in sites], context.place)
    for site in sites:
        evaluate.fail(site, finding)
    for task in ring:
        del waiting[task]


class _Parsed(NamedTuple):
    """A text as it was read: its template, or why it is none; and the references that begin with dots."""

    template: Template = ()
    relative: tuple[Reference, ...] = ()
    error: TemplateError | None = None


class _Sites:
    """Makes the sites of a tree, and reports the texts that cannot be read."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._parsed: dict[str, _Parsed] = {}
        self.findings: list[Diagnostic] = []

    def make(self, text: str, path: KeyPath) -> Site | None:
        """The site of a text that holds `${`; none if the text is left alone."""
        if INCLUDE not in path[-2:] and self._context.left_alone(path):
            return None
        parsed = self._parsed.get(text)
        if parsed is None:
            parsed = self._parsed[text] = _read(text)
        if parsed.error is not None:
            return self._failed(path, text, parsed.error)
        for found in parsed.relative:
            if container(path, found.up) is None:
                return self._failed(
                    path, text, TemplateError(f"`{found.name}` climbs above the root", "use fewer dots")
                )
        site = Site(path, text, parsed.template)
        first = parsed.template[0]
        if site.alias and isinstance(first, Reference):
            site.target = absolute(first, path)
        return site

    def suspect(self, keys: Iterable[str], path: KeyPath) -> None:
        """Warn of keys that look like references: a name is never resolved (THREATS R06)."""
        for key in keys:
            if OPENING in key and not self._context.left_alone((*path, key)):
                self.findings.append(report("reference-in-key", path=(*path, key), key=excerpt(key), blame_key=True))

    def not_included(self, value: Value, path: KeyPath) -> None:
        """Report what only a program could have put under `<<`: the reader lets nothing but references through."""
        self.findings.append(report("invalid-include", path=(*path, INCLUDE), what=a(kind_of(value))))

    def _failed(self, path: KeyPath, text: str, error: TemplateError) -> Site:
        self.findings.append(report("invalid-reference", path=path, reason=error.reason, hint=error.help))
        site = Site(path, text, ())
        site.places = site.value = FAILED
        return site


def _read(text: str) -> _Parsed:
    try:
        template = parse_template(text)
    except TemplateError as error:
        return _Parsed(error=error)
    return _Parsed(template, tuple(found for found in references(template) if found.up))


def references(template: Template) -> Iterator[Reference]:
    """The references of a template, those in defaults and messages too."""
    for part in template:
        if isinstance(part, Reference):
            yield part
            yield from references(part.operand)
