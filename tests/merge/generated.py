"""Generated layers, and what they merge to.

`tame` layers have one kind at each key, so that no null and no change of kind stands over or under a map or list;
`wild` layers have everything: markers anywhere, kinds that conflict, secrets, several files a layer, `_each` files.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from cfgc.model.layers import Document, Layer, LayerFile
from cfgc.model.location import start_of
from cfgc.model.project import MergeRules
from cfgc.model.values import Marked, Secret
from cfgc.stages.merge import merge

SECRET = Secret("ENC[AES256_GCM,data:x,type:str]", "string", "hunter2")
SCALARS = st.sampled_from([0, 1, True, False, 1.0, -0.5, "", "x", "y", "1", "${a.b}"])
LISTS = st.lists(SCALARS, max_size=3)
RULES = st.sampled_from(["replace", "append", "prepend", "unique"])


class Nowhere:
    """A locator that knows only files; no null is implicit."""

    def value(self, file: Any, path: Any) -> Any:
        return start_of(file)

    key = value

    def implicit(self, file: Any, path: Any) -> Any:
        return False


LEAF = st.one_of(SCALARS, st.none(), st.just(SECRET))
MARKERS = st.sampled_from(["replace", "raw", "append", "prepend", "unique", "by", "unset"])


@cache
@st.composite
def tame_maps(draw: Any, depth: int = 3) -> dict[str, Any]:
    """Maps in which a key's first letter is its kind: scalar, list or map."""
    made = {}
    for key in draw(st.lists(st.sampled_from("stlkmn" if depth else "stlk"), max_size=5, unique=True)):
        made[key] = draw(LEAF if key in "st" else LISTS if key in "lk" else tame_maps(depth - 1))
    return made


@cache
@st.composite
def wild_values(draw: Any, depth: int = 2, *, tagged: bool = True) -> Any:
    """Any value, with markers anywhere; one tag a node, as YAML has it."""
    kind = draw(st.sampled_from("lmx" + "t" * tagged)) if depth else "x"
    if kind == "t":
        name = draw(MARKERS)
        if name in ("replace", "raw"):
            return Marked(name, draw(wild_values(depth - 1, tagged=False)))
        if name == "unset":
            return Marked(name, None)
        return Marked(name, draw(wild_lists(depth - 1)), draw(st.sampled_from(["name", "."])) if name == "by" else None)
    return draw(wild_lists(depth - 1) if kind == "l" else wild_maps(depth - 1) if kind == "m" else LEAF)


@cache
def wild_lists(depth: int) -> st.SearchStrategy[list[Any]]:
    return st.lists(wild_values(depth), max_size=3) if depth > 0 else LISTS


@cache
def wild_maps(depth: int = 2) -> st.SearchStrategy[dict[str, Any]]:
    keys = st.sampled_from(["a", "b", "m", "name"])
    return st.dictionaries(keys, st.one_of(wild_values(depth), named_items()) if depth > 0 else LEAF, max_size=3)


_NAMES = st.lists(st.sampled_from(["x", "y", 1, True]), max_size=3, unique_by=lambda name: (type(name), name))
_CONTENT = st.dictionaries(st.sampled_from("vl"), SCALARS, max_size=1)
_MARKS = st.sampled_from(["", "", "replace", "unset"])


@cache
@st.composite
def named_items(draw: Any) -> Any:
    """A list whose items have names, as it is or to be merged by them."""
    by = draw(st.booleans())
    items = []
    for name in draw(_NAMES):
        item = {"name": name, **draw(_CONTENT)}
        mark: Any = draw(_MARKS) if by else ""
        items.append(Marked(mark, item) if mark else item)
    return Marked("by", items, "name") if by else items


MOUNTS = st.sampled_from([(), (), ("m",), ("n",), ("m", "a")])


@st.composite
def wild_layers(draw: Any) -> Any:
    layers = []
    for number in range(draw(st.integers(1, 3))):
        name = f"layer{number}"
        layer = Layer(name)
        for index in range(draw(st.integers(0, 3))):
            file = LayerFile(f"{name}/{index}.yaml", name, draw(MOUNTS), "yaml", each=draw(st.booleans()) and index > 0)
            layer.documents.append(Document(file, draw(wild_maps()), marked=True))
        layers.append(layer)
    return layers


def layer(name: str, data: Any, *, marked: bool = False) -> Layer:
    return Layer(name, [Document(LayerFile(f"{name}.yaml", name, (), "yaml"), data, marked=marked)])


def merged(*layers: Layer, lists: Any = "replace", types: Any = "strict") -> Any:
    nowhere: Any = Nowhere()
    return merge(layers, MergeRules(lists, types), None, nowhere)


def fold(*values: Any, **rules: Any) -> Any:
    return merged(*(layer(f"l{number}", value) for number, value in enumerate(values)), **rules).tree
