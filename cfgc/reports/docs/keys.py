"""The keys of a component: those that its layers set, and those that only its schemas know."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from cfgc.model.keypath import KeyPath, starts_with
from cfgc.model.values import MASK, Secret, Unknown, Value, kind_of, masked
from cfgc.reports.docs.model import UNSET, Key
from cfgc.reports.docs.places import ANY_ITEM, below
from cfgc.reports.docs.shape import Shape, matches
from cfgc.reports.docs.usage import Usage
from cfgc.reports.docs.words import constraints, key_matches, types_in_words
from cfgc.reports.gaps.bare import Bare

_OTHER = "*"
_LITERALS = ("const", "enum")
"""keywords that hold whole values, which are nobody's business where the value is a secret"""
_DEEPEST = 40
"""levels below a component; a schema that holds itself ends sooner, where no value leads further"""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the tree: its text in the tree and in its component, its schemas, and its value by environment.

    `skipped` are places that others document. `inside_list` says that the values stand with the list. `facts` are what
    is to be said of it besides what its schemas say.
    """

    path: KeyPath
    text: str
    name: str
    shape: Shape
    values: Mapping[str, Value]
    skipped: frozenset[KeyPath] = frozenset()
    required: bool = False
    inside_list: bool = False
    facts: tuple[str, ...] = ()
    above: tuple[frozenset[int], ...] = ()
    """the schemas of the places above that no environment sets"""


class Keys:
    """Turns places into rows. `bare` are the secrets that stand in plain text, which no row repeats."""

    def __init__(self, usage: Usage, bare: Bare) -> None:
        self._usage = usage
        self._bare = bare

    def below(self, place: Place) -> Iterator[Key]:
        """The keys inside of a map, each followed by those below it."""
        for child in _children(place):
            yield from self._at(child)

    def _at(self, place: Place) -> Iterator[Key]:
        children = [] if len(place.path) > _DEEPEST or _repeats(place) else list(self.below(place))
        above_others = any(starts_with(each, place.path) for each in place.skipped)
        if _told(place) or not (children or above_others):
            yield self._key(place, leaf=not any(isinstance(each, dict) and each for each in place.values.values()))
        yield from children

    def _key(self, place: Place, *, leaf: bool) -> Key:
        shape, usage = place.shape, self._usage
        secret = shape.secret or any(map(_is_secret, place.values.values()))
        hidden = secret or shape.item().secret or any(map(self._holds_bare, place.values.values()))
        values = {name: self._shown(value, shape, hide=secret) for name, value in place.values.items()} if leaf else {}
        return Key(
            name=place.name,
            path=place.text,
            types=types_in_words(shape) or _observed(place.values),
            required=place.required,
            default=UNSET if secret else self._shown(shape.said("default", UNSET), shape),
            constraints=(*constraints(shape, without=_LITERALS if hidden else ()), *place.facts),
            description=str(shape.said("description", "")),
            secret=secret,
            deprecated=any(shape.all("deprecated")),
            documented=shape.known,
            values={} if place.inside_list else values,
            variables=usage.variables(place.path) if leaf else (),
            files=usage.files(place.path) if leaf else (),
            refers_to=usage.refers_to(place.path) if leaf else (),
            referred_by=usage.referred_by(place.path),
        )

    def _shown(self, value: Value, shape: Shape, *, hide: bool = False) -> Value:
        """A value as everybody may see it: what a schema, its looks or another environment call a secret is masked."""
        if isinstance(value, dict):
            return {key: self._shown(item, shape.step(key), hide=hide) for key, item in value.items()}
        if isinstance(value, list):
            return [self._shown(item, shape.item(index), hide=hide) for index, item in enumerate(value)]
        plain = not isinstance(value, (Secret, Unknown)) and value not in ("", None)
        return MASK if plain and (hide or shape.secret or self._bare.holds(value)) else masked(value)

    def _holds_bare(self, value: Value) -> bool:
        if isinstance(value, (dict, list)):
            return any(map(self._holds_bare, value.values() if isinstance(value, dict) else value))
        return not isinstance(value, (Secret, Unknown)) and value not in ("", None) and self._bare.holds(value)


def _children(place: Place) -> Iterator[Place]:
    lists = [value for value in place.values.values() if isinstance(value, list)]
    item = place.shape.item()
    inner = [*item.names(), *item.names_in_forms()]
    if lists or ("list" in " ".join(types_in_words(place.shape)) and inner):
        items = {str(number): each for number, each in enumerate(each for value in lists for each in value)}
        if inner or any(isinstance(each, dict) for each in items.values()):
            yield from _children(_step(place, ANY_ITEM, item, items))
        return
    maps = {name: value for name, value in place.values.items() if isinstance(value, dict)}
    names = dict.fromkeys(key for value in maps.values() for key in value)
    known, in_forms = place.shape.names(), place.shape.names_in_forms()
    for key in dict.fromkeys((*names, *known, *in_forms)):
        if (*place.path, key) not in place.skipped:
            values = {name: value[key] for name, value in maps.items() if key in value}
            some = key in in_forms and not place.shape.requires(key)
            yield _step(place, key, place.shape.step(key), values, ("in some forms",) if some else ())
    if not place.skipped:
        yield from _others(place, {*names, *known} - {*in_forms})


def _others(place: Place, names: Collection[str]) -> Iterator[Place]:
    """A place for each rule about keys that no schema names, where no such key stands for it."""
    named = {key for keys in place.shape.all("properties") for key in keys}
    free = [key for key in names if key not in named]
    patterns = place.shape.patterns()
    for pattern, shape in patterns:
        if shape.known and not any(matches(pattern, key) for key in free):
            yield _step(place, _OTHER, shape, {}, (key_matches(pattern),))
    rest = place.shape.rest()
    if rest.known and all(any(matches(pattern, key) for pattern, _ in patterns) for key in free):
        yield _step(place, _OTHER, rest, {})


def _step(
    place: Place, step: str | int, shape: Shape, values: Mapping[str, Value], facts: tuple[str, ...] = ()
) -> Place:
    def text(above: str) -> str:
        return f"{above}.{_OTHER}".removeprefix(".") if step == _OTHER and not values else below(above, step)

    return Place(
        path=(*place.path, step),
        text=text(place.text),
        name=text(place.name),
        shape=shape,
        values=values,
        skipped=place.skipped,
        required=isinstance(step, str) and place.shape.requires(step),
        inside_list=place.inside_list or isinstance(step, int),
        facts=facts,
        above=() if values else (*place.above, place.shape.identity),
    )


def _told(place: Place) -> bool:
    """Whether a map or list has something to say besides its keys, or need not be there where some of these must."""
    shape = place.shape
    is_list = any(isinstance(value, list) for value in place.values.values()) or "array" in shape.types()
    says = shape.said("description") or any(shape.all("deprecated")) or place.facts or _rules(shape)
    return is_list or bool(says) or (not place.required and any(map(shape.requires, shape.names())))


def _rules(shape: Shape) -> bool:
    """Whether more is asked of a map than which keys it has."""
    return any(phrase != "no other keys" for phrase in constraints(shape))


def _repeats(place: Place) -> bool:
    """Whether a schema that holds itself begins anew where no environment sets anything."""
    return not place.values and place.shape.identity in place.above


def _observed(values: Mapping[str, Value]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind_of(value) for value in values.values()))


def _is_secret(value: Value) -> bool:
    return isinstance(value, Secret) or (isinstance(value, Unknown) and value.secret)
