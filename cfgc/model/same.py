"""Whether two effective values are the same: a secret by its token, a runtime variable by its text."""

from __future__ import annotations

from cfgc.model.values import Marked, Secret, Unknown, Value, Variable, kind_of


def same(old: Value, new: Value) -> bool:
    """Whether two values would be rendered alike: `1`, `1.0` and `true` are three, the order of keys counts not.

    Values of layer files, with their markers, are compared too.
    """
    if old is new:
        return True
    if isinstance(old, dict):
        return isinstance(new, dict) and old.keys() == new.keys() and all(same(old[key], new[key]) for key in old)
    if isinstance(old, list):
        return isinstance(new, list) and len(old) == len(new) and all(map(same, old, new))
    if type(old) is not type(new):
        return False
    if isinstance(old, Marked):
        return (old.name, old.key) == (new.name, new.key) and same(old.value, new.value)
    if isinstance(old, Secret):
        return (old.token, old.kind) == (new.token, new.kind)
    if isinstance(old, Unknown):
        return _parts(old) == _parts(new)
    return repr(old) == repr(new) if isinstance(old, float) else bool(old == new)


def type_of(value: Value) -> str:
    """The type that a change is one of: `string`, `number`, `boolean`, `null`, `map`, `list`."""
    kind = kind_of(value)
    return "number" if kind == "integer" else kind


def _parts(value: Unknown) -> list[tuple[str, ...]]:
    return [_part(part) for part in value.parts]


def _part(part: str | Variable | Secret) -> tuple[str, ...]:
    if isinstance(part, str):
        return ("text", part)
    if isinstance(part, Variable):
        return ("variable", part.text)
    return ("secret", part.token, part.kind)
