"""`text`: the difference for a terminal; what several environments share is shown once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from json import dumps
from typing import TypeAlias

from cfgc.diagnostics.renderers.paint import Paint, painter
from cfgc.history.changes import Kind
from cfgc.history.difference import ArtifactChange, Difference, EnvironmentDifference, RuleChange, ValueChange
from cfgc.history.views import Shown
from cfgc.history.views.unified import unified
from cfgc.history.views.words import counted, inside_component, place_text, sign, value_text, who
from cfgc.model.keypath import show
from cfgc.model.location import Location
from cfgc.model.text import inline, printable

Same: TypeAlias = "tuple[str, Kind, str, str, Location | None]"

_PATH, _VALUE, _NAMED = 40, 44, 3


def render(difference: Difference, shown: Shown) -> str:
    """The difference as lines for people."""
    return "".join(f"{line}\n" for line in _lines(difference, shown, painter(color=shown.color)))


def _lines(difference: Difference, shown: Shown, paint: Paint) -> Iterator[str]:
    yield from _rules(difference.rules, paint)
    yield from _findings(difference, paint)
    for names, changes in shared_sections(difference.environments.values()):
        yield from _section(difference, names, changes, paint)
    yield from _reach(difference, paint)
    yield from _shadowed(difference, paint)
    yield from _artifacts(difference, shown, paint)
    yield _summary(difference)


def shared_sections(
    environments: Iterable[EnvironmentDifference],
) -> list[tuple[tuple[str, ...], list[ValueChange]]]:
    """The changes by the environments that have them, each once; environments in their order."""
    having: dict[Same, list[str]] = {}
    changes: dict[Same, ValueChange] = {}
    for environment in environments:
        for each in environment.changes:
            same = _same(each, show(each.change.path))
            having.setdefault(same, []).append(environment.name)
            changes.setdefault(same, each)
    sections: dict[tuple[str, ...], list[ValueChange]] = {}
    for identity, names in having.items():
        sections.setdefault(tuple(names), []).append(changes[identity])
    return list(sections.items())


def _rules(rules: tuple[RuleChange, ...], paint: Paint) -> Iterator[str]:
    if rules:
        yield paint("warning", "rules changed: look at these first")
        for each in rules:
            detail = f"  {inline(each.detail)}" if each.detail else ""
            yield f"  {each.kind:9} {inline(each.file)}  {each.status}{detail}"
        yield ""


def _findings(difference: Difference, paint: Paint) -> Iterator[str]:
    for title, found in (("new findings", difference.findings.new), ("findings gone", difference.findings.gone)):
        told = sorted({(each.severity, each.code, each.message, place_text(each.location)) for each in found})
        if told:
            yield paint("strong", title)
            for severity, code, message, place in told:
                yield f"  {paint(str(severity), f'{severity}[{code}]')} {printable(message)}  {place}".rstrip()
            yield ""


def _section(difference: Difference, names: tuple[str, ...], changes: list[ValueChange], paint: Paint) -> Iterator[str]:
    known = [difference.environments[name] for name in names]
    production = " (reaches production)" if any(each.production for each in known) else ""
    called = ", ".join(each.name if each.status == "changed" else f"{each.name} ({each.status})" for each in known)
    yield paint("strong", f"{called}{production}: {counted(len(changes), 'change')}")
    for components, same in _by_components(changes).items():
        yield f"  {paint('other', _title(components))}"
        for each in same:
            yield _change(each, paint)
    yield ""


def _same(found: ValueChange, path: str) -> Same:
    """What tells changes apart that are shown once for several environments or components."""
    change = found.change
    return path, change.kind, dumps(change.old), dumps(change.new), found.origin


def _by_components(changes: list[ValueChange]) -> dict[tuple[str, ...], list[ValueChange]]:
    """The changes by the components that have them: what one line does to many components is told once."""
    having: dict[Same, list[str]] = {}
    first: dict[Same, ValueChange] = {}
    for each in sorted(changes, key=lambda one: one.component):
        same = _same(each, show(inside_component(each)))
        having.setdefault(same, []).append(each.component)
        first.setdefault(same, each)
    groups: dict[tuple[str, ...], list[ValueChange]] = {}
    for same, components in having.items():
        groups.setdefault(tuple(components), []).append(first[same])
    return groups


def _title(components: tuple[str, ...]) -> str:
    names = ", ".join(inline(name) or "(no component)" for name in components[:_NAMED])
    left = len(components) - _NAMED
    return f"{names} and {counted(left, 'more component')}" if left > 0 else names


def _change(found: ValueChange, paint: Paint) -> str:
    inside = inside_component(found)
    name = inline(show(inside)) if inside else "(all)"
    kind = found.change.kind
    style = {"added": "help", "removed": "error"}.get(kind, "warning")
    side = " (before)" if found.origin_before else ""
    place = f"{place_text(found.origin)}{side}".strip()
    return f"    {paint(style, sign(kind))} {name:{_PATH}} {_values(found):{_VALUE}} {place}  {who(found)}".rstrip()


def _values(found: ValueChange) -> str:
    change = found.change
    if change.kind == "secret-changed":
        return "secret changed"
    if change.moved is not None:
        where = inline(show(change.moved))
        return f"moved from {where}" if change.kind == "added" else f"moved to {where}"
    if change.kind == "added":
        return value_text(change.new)
    if change.kind == "removed":
        return value_text(change.old)
    if isinstance(change.old, list) and isinstance(change.new, list):
        return f"{counted(len(change.old), 'item')} -> {len(change.new)}, in another order"
    return f"{value_text(change.old)} -> {value_text(change.new)}"


def _reach(difference: Difference, paint: Paint) -> Iterator[str]:
    reaching = [each for each in difference.shared if each.production]
    if reaching:
        yield paint("strong", "edits of shared layers that reach production")
        for each in reaching:
            yield f"  {inline(each.file)} -> {', '.join(each.environments)}"
        yield ""


def _shadowed(difference: Difference, paint: Paint) -> Iterator[str]:
    told: dict[tuple[str, str, str], list[str]] = {}
    for each in difference.shadowed:
        key = place_text(each.edit), inline(show(each.path)), place_text(each.by)
        told.setdefault(key, []).append(each.environment)
    if told:
        yield paint("strong", "edits without effect")
        for (edit, path, by), environments in told.items():
            yield f"  {edit} `{path}` changes nothing in {', '.join(environments)}:"
            yield f"      overridden in `{by}`"
        yield ""


def _artifacts(difference: Difference, shown: Shown, paint: Paint) -> Iterator[str]:
    for environment in difference.environments.values():
        if not shown.artifacts:
            continue
        for each in environment.artifacts:
            yield paint("strong", f"{environment.name}/{inline(each.path)}: {each.status}")
            yield from _unified(each, paint)
            yield ""


def _unified(found: ArtifactChange, paint: Paint) -> Iterator[str]:
    for line in unified(found).split("\n")[:-1]:
        style = {"+": "help", "-": "error", "@": "other"}.get(line[:1])
        yield paint(style, printable(line)) if style else printable(line)


def _summary(difference: Difference) -> str:
    names = f"{inline(difference.before)} -> {inline(difference.after)}"
    if difference.empty:
        return f"{names}: nothing that is rendered differs"
    changes = sum(len(each.changes) for each in difference.environments.values())
    touched = sum(bool(each.changes or each.artifacts) for each in difference.environments.values())
    artifacts = sum(len(each.artifacts) for each in difference.environments.values())
    return (
        f"{names}: {counted(changes, 'change')} in {counted(touched, 'environment')}, "
        f"{counted(artifacts, 'artifact')} differ{'s' if artifacts == 1 else ''}"
    )
