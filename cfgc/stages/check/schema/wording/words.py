"""The words for what is wrong: one sentence a keyword."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from cfgc.model.keypath import show
from cfgc.model.text import closest
from cfgc.model.values import Secret, Unknown
from cfgc.stages.check.schema.engines.finding import Finding
from cfgc.stages.check.schema.formats.formats import EXAMPLES
from cfgc.stages.check.schema.phrases import either, got, kinds, literal, names

Say: TypeAlias = Callable[[Finding], tuple[str, str]]
"""A finding to the problem, as the rest of a sentence, and the text under the value."""


class Words(NamedTuple):
    """What a finding says: the rule, the facts of its message, help, and the text under the value."""

    rule: str
    facts: dict[str, str]
    hint: str = ""
    label: str = ""
    blame_key: bool = False


def describe(finding: Finding, key: str) -> Words:
    """The words for a broken keyword; `key` is the key path of the value in the whole tree."""
    if special := _SPECIAL.get(finding.keyword):
        return special(finding, key)
    rule = "schema-count" if finding.keyword in _COUNTS else "schema-value"
    say = (_COUNTS if finding.keyword in _COUNTS else _VALUES).get(finding.keyword)
    problem, label = say(finding) if say else ("is not what the schema allows", "")
    hint = _enum_help(finding) if finding.keyword == "enum" else ""
    return Words(rule, {"key": key, "problem": problem}, hint, label)


def _must(what: str, finding: Finding) -> tuple[str, str]:
    return f"must be {what}, not {got(finding.got)}", f"expected {what}"


def _bound(relation: str) -> Say:
    return lambda finding: _must(f"{relation} {literal(finding.wanted)}", finding)


def _size(relation: str, unit: str) -> Say:
    def say(finding: Finding) -> tuple[str, str]:
        wanted = f"{relation} {finding.wanted} {unit}{'' if finding.wanted == 1 else 's'}"
        return f"must have {wanted}, not {len(finding.got)}", f"expected {wanted}"

    return say


def _enum(finding: Finding) -> tuple[str, str]:
    wanted = either([literal(value) for value in finding.wanted]) if finding.wanted else "nothing"
    return (f"is not {wanted}", "") if isinstance(finding.got, (dict, list)) else _must(wanted, finding)


def _enum_help(finding: Finding) -> str:
    if not isinstance(finding.got, str):
        return ""
    near = closest(finding.got, [value for value in finding.wanted if isinstance(value, str)])
    return f"did you mean `{near}`?" if near else ""


def _pattern(finding: Finding) -> tuple[str, str]:
    return f"is {got(finding.got)}, which does not match the pattern `{finding.wanted}`", "does not match the pattern"


def _format(finding: Finding) -> tuple[str, str]:
    return _must(EXAMPLES.get(finding.wanted, f"of the format `{finding.wanted}`"), finding)


def _contains(finding: Finding) -> tuple[str, str]:
    count, least, most = finding.detail
    limit = f"at most {most} may" if count > most else f"at least {least} must"
    return f"holds {count} items that fit `contains`, and {limit}", ""


def _repeats(finding: Finding) -> tuple[str, str]:
    return f"repeats item [{finding.detail}] of its list", "the same item again"


_VALUES: Mapping[str, Say] = MappingProxyType(
    {
        "enum": _enum,
        "const": lambda finding: _enum(replace(finding, wanted=[finding.wanted])),
        "pattern": _pattern,
        "format": _format,
        "minimum": _bound("at least"),
        "maximum": _bound("at most"),
        "exclusiveMinimum": _bound("more than"),
        "exclusiveMaximum": _bound("less than"),
        "multipleOf": _bound("a multiple of"),
        "minLength": _size("at least", "character"),
        "maxLength": _size("at most", "character"),
    }
)
_COUNTS: Mapping[str, Say] = MappingProxyType(
    {
        "minItems": _size("at least", "item"),
        "maxItems": _size("at most", "item"),
        "minProperties": _size("at least", "key"),
        "maxProperties": _size("at most", "key"),
        "uniqueItems": _repeats,
        "contains": _contains,
    }
)


def _type(finding: Finding, key: str) -> Words:
    wanted = kinds(finding.wanted)
    return Words(
        "schema-type",
        {"key": key, "wanted": wanted, "got": got(finding.got)},
        _type_help(finding),
        f"expected {wanted}",
    )


def _type_help(finding: Finding) -> str:
    """How the value is probably meant: the slips that YAML invites."""
    value, types = finding.got, {finding.wanted} if isinstance(finding.wanted, str) else set(finding.wanted)
    if isinstance(value, str) and types & {"integer", "number"} and _is_number(value):
        return f"write it without quotes: `{value.strip()}`"
    if isinstance(value, str) and "boolean" in types and value.lower() in _SWITCHES:
        return f"write `{_SWITCHES[value.lower()]}`: in YAML 1.2 `{value}` is text"
    if isinstance(value, (bool, int, float)) and "string" in types:
        return f'write it in quotes: `"{literal(value)[1:-1]}"`'
    if "array" in types and not isinstance(value, (dict, list, Secret, Unknown)) and value is not None:
        return f"write a list, if only of one item: `[{literal(value)[1:-1]}]`"
    return ""


_SWITCHES = MappingProxyType(
    {"yes": "true", "on": "true", "y": "true", "true": "true", "no": "false", "off": "false", "n": "false"}
    | {"false": "false"}
)


def _is_number(text: str) -> bool:
    try:
        return float(text) == float(text)
    except ValueError:
        return False


def _required(finding: Finding, key: str) -> Words:
    facts = {"key": key, "missing": finding.detail, "why": "which its schema requires"}
    return Words(
        "schema-missing-key", facts, f"set `{finding.detail}`", f"`{finding.detail}` is missing", blame_key=True
    )


def _dependent(finding: Finding, key: str) -> Words:
    present, missing = finding.detail
    facts = {"key": key, "missing": missing, "why": f"which it needs beside `{present}`"}
    return Words("schema-missing-key", facts, f"set `{missing}`, or remove `{present}`", blame_key=True)


def _extra(finding: Finding, key: str) -> Words:
    """A key that nothing allows, or an item."""
    if isinstance(finding.detail, int):
        return Words("schema-count", {"key": key, "problem": "is an item too many"})
    return Words("schema-unknown-key", {"key": key}, _allowed(finding), blame_key=True)


def meant(finding: Finding) -> str | None:
    """The key that a key which nothing allows is a slip of the pen for."""
    known = [key for key in finding.schema.get("properties", ()) if key not in finding.got]
    return closest(finding.detail, known) if isinstance(finding.detail, str) else None


def _allowed(finding: Finding) -> str:
    if near := meant(finding):
        return f"did you mean `{near}`?"
    known = list(finding.schema.get("properties", ()))
    patterns = list(finding.schema.get("patternProperties", ()))
    parts = [f"`{key}`" for key in known] + [f"keys that match `{pattern}`" for pattern in patterns]
    return f"allowed here: {either(parts, 'and')}" if parts else "no keys are allowed here"


def _key_name(finding: Finding, key: str) -> Words:
    inner = next((each for branch in finding.branches for each in branch), None)
    problem = describe(inner, key).facts.get("problem", "is not allowed") if inner else "is not allowed"
    return Words("schema-key-name", {"key": key, "problem": problem}, blame_key=True)


def _not(finding: Finding, key: str) -> Words:
    if finding.wanted == {}:
        return Words("schema-unknown-key", {"key": key}, "remove it", blame_key=True)
    return Words("schema-alternative", {"key": key, "problem": _ruled_out(finding)})


def _ruled_out(finding: Finding) -> str:
    """What a `not` says, in words where it is about one simple thing."""
    match finding.wanted:
        case {"required": [*missing]} if len(finding.wanted) == 1 and missing:
            return f"must not have {names(missing)}{' together' if len(missing) > 1 else ''}"
        case {"const": value} if len(finding.wanted) == 1:
            return f"must not be {literal(value)}"
        case {"enum": [*values]} if len(finding.wanted) == 1 and values:
            return f"must not be {either([literal(value) for value in values])}"
        case {"type": types} if len(finding.wanted) == 1:
            return f"must not be {kinds(types)}"
    return "must not satisfy the schema behind `not`, and does"


def _alternatives(finding: Finding, key: str) -> Words:
    if isinstance(finding.detail, str):
        problem = f"must be {finding.detail}, not {got(finding.got)}"
        return Words("schema-alternative", {"key": key, "problem": problem}, label=f"expected {finding.detail}")
    if finding.keyword == "oneOf" and finding.detail:
        fitting = either([str(index + 1) for index in finding.detail], "and")
        problem = f"must fit exactly one alternative of `oneOf`, and fits {len(finding.detail)} of them"
        hint = f"change the value so that only one of alternatives {fitting} fits, or write `anyOf` if several may"
        return Words("schema-alternative", {"key": key, "problem": problem}, hint)
    must = "one" if finding.keyword == "anyOf" else "exactly one"
    problem = f"must fit {must} of the {len(finding.branches)} alternatives of `{finding.keyword}`, and fits none"
    return Words("schema-alternative", {"key": key, "problem": problem}, _branch_help(finding))


def _branch_help(finding: Finding) -> str:
    """The first thing that is wrong in each alternative."""
    texts = []
    for number, branch in enumerate(finding.branches[:3], 1):
        if branch:
            first = branch[0]
            said = describe(first, show(first.path) if first.path else "the value")
            texts.append(f"alternative {number}: {sentence(said)}")
    return "; ".join(texts)


def sentence(words: Words) -> str:
    """The message of words alone, for use inside another sentence."""
    facts = words.facts
    if words.rule == "schema-type":
        return f"`{facts['key']}` must be {facts['wanted']}"
    if words.rule == "schema-missing-key":
        return f"`{facts['missing']}` is missing"
    if words.rule == "schema-unknown-key":
        return f"`{facts['key']}` is not allowed"
    return f"`{facts['key']}` {facts['problem']}"


_SPECIAL: Mapping[str, Callable[[Finding, str], Words]] = MappingProxyType(
    {
        "type": _type,
        "required": _required,
        "dependentRequired": _dependent,
        "additionalProperties": _extra,
        "unevaluatedProperties": _extra,
        "unevaluatedItems": _extra,
        "propertyNames": _key_name,
        "not": _not,
        "anyOf": _alternatives,
        "oneOf": _alternatives,
    }
)
