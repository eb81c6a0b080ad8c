"""Markdown pages: an index and a page for each component. Foreign text stands in code alone (THREATS O10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cfgc.history.views.rows import value_line
from cfgc.model.markdown import code, header, prose, row, without_actions
from cfgc.model.values import Value
from cfgc.reports.docs.model import UNSET, Chain, Component, Docs, File, Key
from cfgc.reports.docs.views import mermaid

NOTICE = "<!-- made by `cfgc docs` from schemas and layers: change those, not this page -->"
OUTSIDE = "_outside"
"""the page of what belongs to no component; no component has such a name"""

_LONGEST = 60
"""characters of a value; `cfgc show` has all of it"""
_MOST = 6
"""names in a cell"""
_DOT = "·"


def index(docs: Docs, folder: str) -> str:
    """The first page: environments, components, and how they hang together. `folder` holds the others."""
    lines = [f"# Configuration of {code(docs.project) or 'this project'}", ""]
    if docs.description:
        lines += [_told(docs.description), ""]
    lines += [
        "Every key of every component, as schemas describe it and as each environment sets it.",
        "[config_template.yaml](config_template.yaml) is the whole model as one commented file to start from.",
        "",
        *_environments(docs),
        *_components(docs, folder),
        *_files("Files of whole environments", docs.files, "", docs.environments),
        *_graph("References", "An arrow leads from what refers to what is referred to.", mermaid.links(docs.links)),
    ]
    return _page(lines)


def page(component: Component, docs: Docs, back: str) -> str:
    """The page of one component; `back` is the address of the index."""
    lines = [f"# {code(component.name) or 'Outside all components'}", ""]
    if component.description:
        lines += [_told(component.description), ""]
    if not component.name:
        lines += ["What components refer to, and what templates read.", ""]
    lines += [f"[All components]({back})", ""]
    known = {each.name for each in docs.environments}
    if set(component.environments) != known:
        lines += [f"Only in {_names(component.environments, len(known))}.", ""]
    lines += _files("Files", component.files, component.name, docs.environments)
    lines += [*_keys(component), *_values(component, docs), *_uses(component)]
    near = [each for each in docs.links if component.name and component.name in (each.source, each.target)]
    lines += _graph("References", "", mermaid.links(near))
    return _page(lines)


def page_name(component: Component) -> str:
    """The name of a component's page."""
    return f"{component.name or OUTSIDE}.md"


def _page(lines: Iterable[str]) -> str:
    return without_actions("\n".join([NOTICE, "", *lines])).rstrip("\n") + "\n"


def _environments(docs: Docs) -> Iterator[str]:
    yield from ("## Environments", "", *header(("Environment", "Layers, the lowest first", "Labels")))
    for each in docs.environments:
        labels = ", ".join(code(f"{name}={text}") for name, text in each.labels.items())
        yield row((code(each.name), " → ".join(map(code, each.layers)), labels))
    yield from ("", *_mermaid(mermaid.layers(docs.environments)))


def _components(docs: Docs, folder: str) -> Iterator[str]:
    yield from ("## Components", "", *header(("Component", "What it is", "Keys#", "Required#", "Secrets#", "Files#")))
    for each in docs.components:
        title = f"[{code(each.name) or 'Outside all components'}]({folder}/{page_name(each)})"
        counts = (
            len(each.keys),
            sum(key.required for key in each.keys),
            sum(key.secret for key in each.keys),
            len(each.files),
        )
        yield row((title, _told(each.description or each.title), *(str(count) if count else _DOT for count in counts)))
    yield ""


def _files(title: str, files: Sequence[File], component: str, environments: Sequence[Chain]) -> Iterator[str]:
    if not files:
        return
    yield from (f"## {title}", "", *header(("File", "Made by", "Environments")))
    for each in files:
        made = f"template {code(each.template)}" if each.template else f"format {code(each.format)}"
        where = "all" if len(each.environments) == len(environments) else _names(each.environments, _MOST)
        yield row((code(_inside(each.path, component)), made, where))
    yield ""


def _keys(component: Component) -> Iterator[str]:
    titles = ("Key", "Type", "Required", "Default", "Constraints", "Description")
    yield from ("## Keys", "", *header(titles))
    for key in component.keys:
        yield row(
            (
                code(key.name),
                " or ".join(key.types),
                "yes" if key.required else "",
                "" if key.default is UNSET else _value(key.default),
                "; ".join(map(prose, key.constraints)),
                _described(key),
            )
        )
    yield ""


def _described(key: Key) -> str:
    words = [word for word, said in (("**deprecated**", key.deprecated), ("**secret**", key.secret)) if said]
    if not key.documented:
        words.append("*in no schema*")
    return " ".join([*words, _told(key.description)]).rstrip()


def _told(description: str) -> str:
    """A description on one line: its own lines are no more than its layout."""
    return prose(" ".join(description.split()))


def _values(component: Component, docs: Docs) -> Iterator[str]:
    set_keys = [key for key in component.keys if key.values]
    if not set_keys:
        return
    names = [each.name for each in docs.environments if each.name in component.environments]
    yield from ("## Values", "", "An empty cell is a key that the environment does not set.", "")
    yield from header(("Key", *map(code, names)))
    for key in set_keys:
        cells = (_value(key.values[name]) if name in key.values else "" for name in names)
        yield row((code(key.name), *cells))
    yield ""


def _uses(component: Component) -> Iterator[str]:
    used = [key for key in component.keys if key.variables or key.files or key.refers_to or key.referred_by]
    if not used:
        return
    yield from ("## Uses", "", *header(("Key", "Variable", "Rendered into", "Comes from", "Referred to by")))
    for key in used:
        files = [_inside(path, component.name) for path in key.files]
        cells = (_names(each, _MOST) for each in (key.variables, files, key.refers_to, key.referred_by))
        yield row((code(key.name), *cells))
    yield ""


def _graph(title: str, words: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield from (f"## {title}", "", *([words, ""] if words else []), *_mermaid(lines))


def _mermaid(lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield from ("```mermaid", *lines, "```", "")


def _value(value: Value) -> str:
    """A value in a cell: a list of maps only by its length, for the keys of its items have rows of their own."""
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        return f"{len(value)} item{'' if len(value) == 1 else 's'}"
    return code(value_line(value), _LONGEST)


def _names(names: Sequence[str], most: int) -> str:
    shown = ", ".join(map(code, names[:most]))
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def _inside(path: str, component: str) -> str:
    """An artifact's path as one says it inside of its component."""
    folder, _, name = path.partition("/")
    return name if name and folder in (component, component.rpartition(".")[2]) else path
