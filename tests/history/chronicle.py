"""A project with a history whose truth is known: each commit is made from a model that merges and compares by itself.

The model is written to be believed, not to be fast: maps merge, lists are replaced but for `users`, which the schema
matches by `name`; values are numbers, texts, references and secrets.
"""

from __future__ import annotations

import copy
import json
import random
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple

Tree = dict[str, Any]

LAYERS = {
    "test": ("base", "test"),
    "prod": ("base", "prod"),
    "prod-eu": ("base", "prod", "prod-eu"),
}
NAMES = ("web", "api", "db", "queue")
MASK = "********"

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {"users": {"type": "array", "x-cfgc-merge": {"by": "name"}}},
}

SETTINGS = """\
environments:
  test: {extends: base}
  prod: {extends: base}
  prod-eu: {extends: prod}
components: [services/*]
outputs:
  - {for: "*", format: yaml, to: config.yaml}
  - {for: web, template: banner.j2, to: banner.txt}
"""


class Sealed(NamedTuple):
    """A secret of the model: its SOPS token."""

    token: str


class Expected(NamedTuple):
    """What a comparison must report: change texts, shadowed edits, pairs of environment and component."""

    changes: dict[str, set[tuple[str, str, str, str]]]
    shadowed: set[tuple[str, str]]
    affected: set[tuple[str, str]]


@dataclass
class State:
    """The content of a commit: layer -> component -> its tree; secrets stand in files of their own."""

    layers: dict[str, dict[str, Tree]]
    secrets: dict[str, dict[str, Tree]]
    banner: int = 0
    comment: int = 0

    def files(self) -> dict[str, str]:
        """Path -> text."""
        found = {
            "cfgc.yaml": SETTINGS,
            "schemas/services/_each.schema.json": json.dumps(SCHEMA),
            "templates/banner.j2": f"banner {self.banner}\n",
        }
        for layer, components in self.layers.items():
            for name, tree in components.items():
                remark = f"# remark {self.comment}\n" if name == "web" else ""
                found[f"environments/{layer}/services/{name}.yaml"] = remark + _yaml(tree)
        for layer, components in self.secrets.items():
            for name, tree in components.items():
                if tree:
                    found[f"environments/{layer}/services/{name}.sops.yaml"] = _yaml(tree) + _BLOCK
        return found

    def effective(self, environment: str) -> Tree:
        """The merged tree with its references resolved."""
        services: Tree = {}
        for layer in LAYERS[environment]:
            for name, tree in sorted(self.layers[layer].items()):
                services[name] = merged(services.get(name, {}), tree)
            for name, tree in sorted(self.secrets.get(layer, {}).items()):
                if tree:
                    services[name] = merged(services.get(name, {}), tree)
        return {"services": _resolved(services, services)}


_BLOCK = """\
sops:
    age:
        - recipient: age1aqzy33jcge2yxs93nr2tgm42982qlmp6m2qkv7awful9z3st8qxskvqyl6
          enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
            YQ==
            -----END AGE ENCRYPTED FILE-----
    lastmodified: "2026-01-01T00:00:00Z"
    mac: ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]
    version: 3.9.0
"""


def _yaml(tree: Tree) -> str:
    def plain(value: Any) -> Any:
        if isinstance(value, Sealed):
            return value.token
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        return [plain(item) for item in value] if isinstance(value, list) else value

    return "".join(f"{key}: {json.dumps(plain(value))}\n" for key, value in tree.items())


def merged(below: Any, over: Any, key: str = "") -> Any:
    if isinstance(below, dict) and isinstance(over, dict):
        result = dict(below)
        for name, value in over.items():
            result[name] = merged(below[name], value, name) if name in below else value
        return result
    if key == "users" and isinstance(below, list):
        known = {item["name"]: item for item in below}
        for item in over:
            known[item["name"]] = merged(known[item["name"]], item) if item["name"] in known else item
        return list(known.values())
    return over


def _resolved(value: Any, services: Tree) -> Any:
    if isinstance(value, dict):
        return {key: _resolved(item, services) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolved(item, services) for item in value]
    if isinstance(value, str) and value.startswith("${services."):
        _, name, key = value[2:-1].split(".")
        return services[name][key]
    return value


# the truth of a comparison


def expected(old: State, new: State) -> Expected:
    """What differs between two states, by definition: no step of cfgc's comparison is used."""
    changes: dict[str, set[tuple[str, str, str, str]]] = {}
    affected: set[tuple[str, str]] = set()
    for environment in LAYERS:
        then, now = old.effective(environment), new.effective(environment)
        changes[environment] = set(_compare(then, now))
        for name in {**then["services"], **now["services"]}:
            one, two = then["services"].get(name), now["services"].get(name)
            if _text(one) != _text(two) or (name == "web" and old.banner != new.banner):
                affected.add((environment, f"services.{name}"))
    return Expected(changes, set(_shadowed(old, new)), affected)


def _text(value: Any) -> str:
    return json.dumps(value, default=str)


def _compare(old: Any, new: Any) -> Iterator[tuple[str, str, str, str]]:
    then, now = nodes(old, new, old), nodes(old, new, new)
    for path in {**then, **now}:
        parent = path[:-1]
        if path not in then and parent in then:
            yield _name(path), "added", "null", _shown(now[path])
        elif path not in now and parent in now:
            yield _name(path), "removed", _shown(then[path]), "null"
        elif path in then and path in now:
            yield from _replaced(path, then[path], now[path])


def _replaced(path: tuple[str, ...], old: Any, new: Any) -> Iterator[tuple[str, str, str, str]]:
    if isinstance(old, Sealed) or isinstance(new, Sealed):
        if old != new:
            yield _name(path), "secret-changed", f'"{MASK}"', f'"{MASK}"'
    elif isinstance(old, dict) and isinstance(new, dict):
        return
    elif isinstance(old, list) and isinstance(new, list):
        names = [[item["name"] for item in side if "name" in item] if _named(side) else [] for side in (old, new)]
        if [name for name in names[0] if name in names[1]] != [name for name in names[1] if name in names[0]]:
            yield _name(path), "changed", _shown(old), _shown(new)
    elif old != new:
        kind = "changed" if type(old) is type(new) else "type-changed"
        yield _name(path), kind, _shown(old), _shown(new)


def nodes(old: Any, new: Any, tree: Any) -> dict[tuple[str, ...], Any]:
    """Every path of a tree with what stands there; list items are named if they can be on both sides."""
    found: dict[tuple[str, ...], Any] = {}

    def visit(path: tuple[str, ...], value: Any, others: tuple[Any, Any]) -> None:
        found[path] = value
        if isinstance(value, dict):
            for key, item in value.items():
                visit((*path, f".{key}"), item, tuple(_get(side, key) for side in others))
        elif isinstance(value, list):
            lists = [side for side in others if isinstance(side, list)]
            by_name = len(lists) == 2 and all(_named(side) for side in lists)
            for index, item in enumerate(value):
                step = f"[name={item['name']}]" if by_name else f"[{index}]"
                visit((*path, step), item, tuple(_item(side, item, index, by_name) for side in others))

    visit((), tree, (old, new))
    return found


def _get(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _item(side: Any, item: Any, index: int, by_name: bool) -> Any:
    if not isinstance(side, list):
        return None
    if by_name:
        return next((each for each in side if each["name"] == item["name"]), None)
    return side[index] if index < len(side) else None


def _named(items: Any) -> bool:
    return all(isinstance(item, dict) and "name" in item for item in items)


def _name(path: tuple[str, ...]) -> str:
    return "".join(path).removeprefix(".")


def _shown(value: Any) -> str:
    def masked(value: Any) -> Any:
        if isinstance(value, Sealed):
            return MASK
        if isinstance(value, dict):
            return {key: masked(item) for key, item in value.items()}
        return [masked(item) for item in value] if isinstance(value, list) else value

    return json.dumps(masked(value))


def _shadowed(old: State, new: State) -> Iterator[tuple[str, str]]:
    """Edited leaves of files that a higher layer sets too; a list is one leaf, `users` is left out of the history."""
    for environment, order in LAYERS.items():
        for rank, layer in enumerate(order):
            for part in ("layers", "secrets"):
                for name, tree in getattr(new, part).get(layer, {}).items():
                    before = leaves(getattr(old, part).get(layer, {}).get(name, {}))
                    for path, value in leaves(tree).items():
                        edited = path not in before or before[path] != value
                        if edited and any(_sets(new, above, name, path) for above in order[rank + 1 :]):
                            yield ".".join(("services", name, *path)), environment


def leaves(tree: Tree, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    found: dict[tuple[str, ...], Any] = {}
    for key, value in tree.items():
        if isinstance(value, dict) and value:
            found |= leaves(value, (*path, key))
        else:
            found[*path, key] = value
    return found


def _sets(state: State, layer: str, name: str, path: tuple[str, ...]) -> bool:
    trees = [state.layers[layer].get(name, {}), state.secrets.get(layer, {}).get(name, {})]
    return any(path in leaves(tree) for tree in trees)


# the history


@dataclass
class Chronicle:
    """A repository, its commits and the states they hold, oldest first."""

    root: Path
    dice: random.Random
    states: list[State] = field(default_factory=list)
    commits: list[str] = field(default_factory=list)
    deeds: list[str] = field(default_factory=list)
    counter: int = 0

    def fresh(self) -> int:
        self.counter += 1
        return 1000 + self.counter

    def token(self) -> Sealed:
        return Sealed(f"ENC[AES256_GCM,data:{self.fresh():08d},iv:AAAA,tag:AAAA,type:str]")

    def commit(self, state: State, deed: str) -> None:
        _write(self.root, state.files())
        git(self.root, "add", "-A")
        git(self.root, "commit", "-qm", f"{len(self.commits)}: {deed}", "--allow-empty")
        self.states.append(state)
        self.commits.append(git(self.root, "rev-parse", "HEAD"))
        self.deeds.append(deed)


def write_chronicle(root: Path, *, commits: int, seed: str) -> Chronicle:
    """A repository with a history of random edits of every sort, and the truth about each."""
    git(root, "init", "-q", "-b", "main")
    chronicle = Chronicle(root, random.Random(seed))
    chronicle.commit(_first(chronicle), "first")
    for deed in islice(cycle(DEEDS), 10 * commits):
        state = copy.deepcopy(chronicle.states[-1])
        if deed(chronicle, state) and _sound(state):  # what cannot be done now is done in the next round
            chronicle.commit(state, deed.__name__)
        if len(chronicle.commits) == commits:
            break
    return chronicle


def _sound(state: State) -> bool:
    """Whether every reference has its target everywhere."""
    try:
        return all(state.effective(environment) for environment in LAYERS)
    except KeyError:
        return False


def _first(chronicle: Chronicle) -> State:
    base = {
        name: {
            "port": chronicle.fresh(),
            "host": f"{name}.example.org",
            "limits": {"memory": chronicle.fresh(), "cpu": chronicle.fresh()},
            "hosts": ["a", "b", "c"],
            "routes": [{"name": "one", "to": 1}, {"name": "two", "to": 2}],
            "users": [{"name": "ann", "role": "admin"}, {"name": "bob", "role": "guest"}],
        }
        for name in NAMES
    }
    base["web"]["upstream"] = "${services.api.port}"
    layers: dict[str, dict[str, Tree]] = {"base": base, "test": {"web": {"port": 1}}, "prod": {"web": {"port": 2}}}
    layers["prod-eu"] = {"api": {"limits": {"cpu": chronicle.fresh()}}}
    secrets = {"prod": {"db": {"password": chronicle.token()}}}
    return State(layers, secrets)


def _layer(chronicle: Chronicle, state: State) -> str:
    return chronicle.dice.choice(list(state.layers))


def _component(chronicle: Chronicle, state: State, layer: str) -> Tree:
    name = chronicle.dice.choice(sorted(state.layers["base"]))
    return state.layers[layer].setdefault(name, {"owner": chronicle.fresh()})


def set_value(chronicle: Chronicle, state: State) -> bool:
    tree = _component(chronicle, state, _layer(chronicle, state))
    tree[chronicle.dice.choice(("port", "timeout", "retries"))] = chronicle.fresh()
    return True


def set_deep_value(chronicle: Chronicle, state: State) -> bool:
    tree = _component(chronicle, state, _layer(chronicle, state))
    tree.setdefault("limits", {})[chronicle.dice.choice(("memory", "cpu", "files"))] = chronicle.fresh()
    return True


def edit_base(chronicle: Chronicle, state: State) -> bool:
    """An overlay may shadow it."""
    state.layers["base"]["web"]["port"] = chronicle.fresh()
    return True


def remove_value(chronicle: Chronicle, state: State) -> bool:
    tree = _component(chronicle, state, _layer(chronicle, state))
    known = [key for key in ("timeout", "retries", "host", "note") if key in tree]
    return bool(known) and tree.pop(chronicle.dice.choice(known)) is not None


def change_type(chronicle: Chronicle, state: State) -> bool:
    tree = state.layers["base"].get("api", {})
    tree["retries"] = str(chronicle.fresh()) if isinstance(tree.get("retries"), int) else chronicle.fresh()
    return True


def change_list(chronicle: Chronicle, state: State) -> bool:
    tree = _component(chronicle, state, "base")
    hosts = tree.setdefault("hosts", [])
    if len(hosts) > 1 and chronicle.dice.random() < 0.4:
        hosts.pop()
    else:
        hosts.append(f"h{chronicle.fresh()}")
    return True


def change_item(chronicle: Chronicle, state: State) -> bool:
    routes = _component(chronicle, state, "base").setdefault("routes", [])
    if not routes or chronicle.dice.random() < 0.3:
        routes.append({"name": f"r{chronicle.fresh()}", "to": 3})
    else:
        chronicle.dice.choice(routes)["to"] = chronicle.fresh()
    return True


def reorder_items(chronicle: Chronicle, state: State) -> bool:
    routes = _component(chronicle, state, "base").get("routes", [])
    routes.reverse()
    return len(routes) > 1


def remove_item(chronicle: Chronicle, state: State) -> bool:
    routes = _component(chronicle, state, "base").get("routes", [])
    return bool(routes) and routes.pop(0) is not None


def override_user(chronicle: Chronicle, state: State) -> bool:
    """Matched by name, as the schema says."""
    tree = state.layers["prod"].setdefault("db", {})
    tree["users"] = [{"name": chronicle.dice.choice(("ann", "eve")), "role": f"role-{chronicle.fresh()}"}]
    return True


def change_secret(chronicle: Chronicle, state: State) -> bool:
    state.secrets["prod"].setdefault("db", {})["password"] = chronicle.token()
    return True


def add_or_remove_secret(chronicle: Chronicle, state: State) -> bool:
    trees = state.secrets.setdefault("prod-eu", {})
    if trees.get("web"):
        trees["web"] = {}
    else:
        trees["web"] = {"token": chronicle.token()}
    return True


def change_template(chronicle: Chronicle, state: State) -> bool:
    state.banner += 1
    return True


def change_comment(chronicle: Chronicle, state: State) -> bool:
    state.comment += 1
    return True


def rename_key(chronicle: Chronicle, state: State) -> bool:
    limits = state.layers["base"].get("web", {}).get("limits", {})
    old, new = ("memory", "ram") if "memory" in limits else ("ram", "memory")
    if old not in limits:
        return False
    limits[new] = limits.pop(old)
    return True


def add_component(chronicle: Chronicle, state: State) -> bool:
    state.layers["base"][f"svc-{chronicle.fresh()}"] = {"port": chronicle.fresh(), "routes": [{"name": "x"}]}
    return True


def remove_component(chronicle: Chronicle, state: State) -> bool:
    extra = [name for name in state.layers["base"] if name.startswith("svc-")]
    for layer in state.layers.values():
        layer.pop(extra[0] if extra else "", None)
    return bool(extra)


def rename_component(chronicle: Chronicle, state: State) -> bool:
    extra = [name for name in state.layers["base"] if name.startswith("svc-")]
    if not extra:
        return False
    name = f"svc-{chronicle.fresh()}"
    for layer in state.layers.values():
        if extra[-1] in layer:
            layer[name] = layer.pop(extra[-1])
    return True


def change_behind_reference(chronicle: Chronicle, state: State) -> bool:
    """`web.upstream` follows `api.port`."""
    state.layers["prod"].setdefault("api", {})["port"] = chronicle.fresh()
    return True


def empty_overlay(chronicle: Chronicle, state: State) -> bool:
    """All that an overlay says of a component goes."""
    names = sorted(state.layers["test"])
    return bool(names) and state.layers["test"].pop(chronicle.dice.choice(names)) is not None


DEEDS: tuple[Callable[[Chronicle, State], bool], ...] = (
    set_value,
    edit_base,
    change_secret,
    set_deep_value,
    change_comment,
    change_list,
    add_component,
    change_item,
    change_behind_reference,
    remove_value,
    change_template,
    override_user,
    change_type,
    rename_key,
    reorder_items,
    add_or_remove_secret,
    rename_component,
    remove_item,
    empty_overlay,
    remove_component,
)


def _write(root: Path, files: dict[str, str]) -> None:
    for known in root.rglob("*"):
        if known.is_file() and ".git" not in known.parts and known.relative_to(root).as_posix() not in files:
            known.unlink()
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def git(root: Path, *words: str) -> str:
    """What a Git command prints."""
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()
