"""Python: pydantic models and settings, dataclasses, `os.environ` and `os.getenv`."""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.reports.scan.code.findings import Findings, named_like_config
from cfgc.reports.scan.grammar import Node, line_of, literal, matches, text_of

KEYWORDS = (b"environ", b"getenv", b"Settings", b"BaseModel", b"dataclass", b"attrs", b"define")

_QUERY = """
(subscript value: (_) @object subscript: (_) @variable
  (#any-of? @object "os.environ" "environ" "os.environb"))
(call function: (_) @function arguments: (argument_list . (_) @variable)
  (#any-of? @function "os.getenv" "getenv" "os.environ.get" "environ.get" "os.environ.pop" "os.environ.setdefault"))
(class_definition name: (identifier) @class) @whole
"""
_DATACLASSES = frozenset(("dataclass", "dataclasses.dataclass", "define", "attrs.define", "frozen", "attrs.frozen"))


def find(root: Node, language: str) -> Findings:
    """A dataclass or a plain model counts where its name says that it is configuration; settings always do."""
    found = Findings()
    for match in matches(root, language, _QUERY):
        if "variable" in match:
            found.read(literal(match["variable"][0]), line_of(match["variable"][0]))
        else:
            _class(match["whole"][0], text_of(match["class"][0]), found)
    return found


def _class(node: Node, name: str, found: Findings) -> None:
    kind = _kind(node, name)
    if not kind:
        return
    fields = list(_fields(node))
    found.struct(name, line_of(node), kind, (field for field, _ in fields))
    if kind == "pydantic settings":
        prefix = _prefix(node)
        for field, line in fields:
            found.read(f"{prefix}{field}".upper(), line)


def _kind(node: Node, name: str) -> str:
    parents = node.child_by_field_name("superclasses")
    bases = {text_of(base).rpartition(".")[2] for base in parents.named_children} if parents is not None else set()
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
                yield text_of(child).removeprefix("@").partition("(")[0].strip()


def _fields(node: Node) -> Iterator[tuple[str, int]]:
    """The annotated names of a class body, without those that say how the model works."""
    for statement in node.child_by_field_name("body").named_children:
        inner = statement.named_children[0] if statement.type == "expression_statement" else None
        if inner is not None and inner.type == "assignment" and inner.child_by_field_name("type") is not None:
            name = text_of(inner.child_by_field_name("left"))
            if name != "model_config" and not text_of(inner.child_by_field_name("type")).startswith("ClassVar"):
                yield name, line_of(inner)


def _prefix(node: Node) -> str:
    """`env_prefix` of the settings, whatever form it is given in."""
    query = '((keyword_argument name: (identifier) @name value: (_) @value) (#eq? @name "env_prefix"))'
    assigned = '((assignment left: (identifier) @name right: (_) @value) (#eq? @name "env_prefix"))'
    for match in matches(node, "python", f"{query}{assigned}"):
        return literal(match["value"][0]) or ""
    return ""
