"""Python: pydantic models and settings, dataclasses, `os.environ`, `os.getenv` and libraries on top of them."""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.reports.scan.code.findings import Findings, named_like_config
from cfgc.reports.scan.code.names import Constants, any_of
from cfgc.reports.scan.code.python_names import Names
from cfgc.reports.scan.code.python_settings import prefix_of, variables_of
from cfgc.reports.scan.grammar import Node, line_of, matches, text_of

KEYWORDS = (
    *(b"environ", b"getenv", b"decouple", b"Env("),
    *(b"Settings", b"BaseModel", b"dataclass", b"attrs", b"attr.s", b"define"),
)

_CONSTANTS = "(module (expression_statement (assignment left: (identifier) @constant right: (string) @text)))"
_QUERY = """
(subscript value: (_) @object subscript: (_) @variable (#any-of? @object {objects})) @read
(comparison_operator . (_) @variable (_) @object . (#any-of? @object {objects})) @read
(call function: (_) @function arguments: (argument_list . (_) @variable) (#any-of? @function {functions})) @read
(class_definition name: (identifier) @class) @whole
"""
_DATACLASSES = frozenset(("dataclass", "define", "frozen", "mutable", "s", "attrs"))


def find(root: Node, language: str) -> Findings:
    """A dataclass or a plain model counts where its name says that it is configuration; settings always do."""
    found = Findings()
    constants = Constants(root, language, _CONSTANTS)
    names = Names(root, language)
    settings: dict[str, str] = {}
    query = _QUERY.format(objects=any_of(names.environments), functions=any_of(names.functions))
    for match in matches(root, language, query):
        if "class" in match:
            _class(match["whole"][0], text_of(match["class"][0]), settings, found)
        elif not _is_written(match["read"][0]):
            found.read(constants.text(match["variable"][0]), line_of(match["variable"][0]))
    return found


def _is_written(node: Node) -> bool:
    """Whether a variable is set or removed here, and not read."""
    above = node.parent
    while above is not None and above.type in ("expression_list", "pattern_list", "tuple_pattern"):
        node, above = above, above.parent
    if above is None or above.type == "delete_statement":
        return above is not None
    return bool(above.type == "assignment" and above.child_by_field_name("left") == node)


def _class(node: Node, name: str, settings: dict[str, str], found: Findings) -> None:
    """Note a class. `settings` has the prefix of each class of settings so far; who inherits from one is one too."""
    bases = _bases(node)
    parent = next((base for base in bases if base in settings), None)
    kind = "pydantic settings" if parent is not None else _kind(node, name, bases)
    if not kind:
        return
    fields = list(_fields(node))
    found.struct(name, line_of(node), kind, (field for field, _ in fields))
    if kind == "pydantic settings":
        prefix = prefix_of(node)
        settings[name] = prefix if prefix is not None else settings.get(parent or "", "")
        for field, statement in fields:
            for variable in variables_of(statement) or [f"{settings[name]}{field}".upper()]:
                found.read(variable, line_of(statement))


def _bases(node: Node) -> list[str]:
    parents = node.child_by_field_name("superclasses")
    return [text_of(base).rpartition(".")[2] for base in parents.named_children] if parents is not None else []


def _kind(node: Node, name: str, bases: list[str]) -> str:
    if any(base.endswith("BaseSettings") for base in bases):
        return "pydantic settings"
    if "BaseModel" in bases and named_like_config(name):
        return "pydantic model"
    return "dataclass" if named_like_config(name) and _DATACLASSES & set(_decorators(node)) else ""


def _decorators(node: Node) -> Iterator[str]:
    above = node.parent
    if above is not None and above.type == "decorated_definition":
        for child in above.named_children:
            if child.type == "decorator":
                yield text_of(child).removeprefix("@").partition("(")[0].strip().rpartition(".")[2]


def _fields(node: Node) -> Iterator[tuple[str, Node]]:
    """The annotated names of a class body, with their assignments, without those that say how the model works."""
    for statement in node.child_by_field_name("body").named_children:
        inner = statement.named_children[0] if statement.type == "expression_statement" else None
        if inner is not None and inner.type == "assignment" and inner.child_by_field_name("type") is not None:
            name = text_of(inner.child_by_field_name("left"))
            if name != "model_config" and not text_of(inner.child_by_field_name("type")).startswith("ClassVar"):
                yield name, inner
