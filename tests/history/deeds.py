"""Random edits of every sort that a history is made of."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.history.states import Sealed, State, Tree

NAMES = ("web", "api", "db", "queue")


class Dice(random.Random):
    """Chooses, and invents numbers and secrets that were never there before."""

    def __init__(self, seed: str) -> None:
        super().__init__(seed)
        self.counter = 0

    def fresh(self) -> int:
        self.counter += 1
        return 1000 + self.counter

    def token(self) -> Sealed:
        return Sealed(f"ENC[AES256_GCM,data:{self.fresh():08d},iv:AAAA,tag:AAAA,type:str]")


def first_state(dice: Dice) -> State:
    base = {
        name: {
            "port": dice.fresh(),
            "host": f"{name}.example.org",
            "limits": {"memory": dice.fresh(), "cpu": dice.fresh()},
            "hosts": ["a", "b", "c"],
            "routes": [{"name": "one", "to": 1}, {"name": "two", "to": 2}],
            "users": [{"name": "ann", "role": "admin"}, {"name": "bob", "role": "guest"}],
        }
        for name in NAMES
    }
    base["web"]["upstream"] = "${services.api.port}"
    layers: dict[str, dict[str, Tree]] = {"base": base, "test": {"web": {"port": 1}}, "prod": {"web": {"port": 2}}}
    layers["prod-eu"] = {"api": {"limits": {"cpu": dice.fresh()}}}
    secrets = {"prod": {"db": {"password": dice.token()}}}
    return State(layers, secrets)


def _layer(dice: Dice, state: State) -> str:
    return dice.choice(list(state.layers))


def _component(dice: Dice, state: State, layer: str) -> Tree:
    name = dice.choice(sorted(state.layers["base"]))
    return state.layers[layer].setdefault(name, {"owner": dice.fresh()})


def set_value(dice: Dice, state: State) -> bool:
    tree = _component(dice, state, _layer(dice, state))
    tree[dice.choice(("port", "timeout", "retries"))] = dice.fresh()
    return True


def set_deep_value(dice: Dice, state: State) -> bool:
    tree = _component(dice, state, _layer(dice, state))
    tree.setdefault("limits", {})[dice.choice(("memory", "cpu", "files"))] = dice.fresh()
    return True


def edit_base(dice: Dice, state: State) -> bool:
    """An overlay may shadow it."""
    state.layers["base"]["web"]["port"] = dice.fresh()
    return True


def remove_value(dice: Dice, state: State) -> bool:
    tree = _component(dice, state, _layer(dice, state))
    known = [key for key in ("timeout", "retries", "host", "note") if key in tree]
    return bool(known) and tree.pop(dice.choice(known)) is not None


def change_type(dice: Dice, state: State) -> bool:
    tree = state.layers["base"].get("api", {})
    tree["retries"] = str(dice.fresh()) if isinstance(tree.get("retries"), int) else dice.fresh()
    return True


def change_list(dice: Dice, state: State) -> bool:
    tree = _component(dice, state, "base")
    hosts = tree.setdefault("hosts", [])
    if len(hosts) > 1 and dice.random() < 0.4:
        hosts.pop()
    else:
        hosts.append(f"h{dice.fresh()}")
    return True


def change_item(dice: Dice, state: State) -> bool:
    routes = _component(dice, state, "base").setdefault("routes", [])
    if not routes or dice.random() < 0.3:
        routes.append({"name": f"r{dice.fresh()}", "to": 3})
    else:
        dice.choice(routes)["to"] = dice.fresh()
    return True


def reorder_items(dice: Dice, state: State) -> bool:
    routes = _component(dice, state, "base").get("routes", [])
    routes.reverse()
    return len(routes) > 1


def remove_item(dice: Dice, state: State) -> bool:
    routes = _component(dice, state, "base").get("routes", [])
    return bool(routes) and routes.pop(0) is not None


def override_user(dice: Dice, state: State) -> bool:
    """Matched by name, as the schema says."""
    tree = state.layers["prod"].setdefault("db", {})
    tree["users"] = [{"name": dice.choice(("ann", "eve")), "role": f"role-{dice.fresh()}"}]
    return True


def change_secret(dice: Dice, state: State) -> bool:
    state.secrets["prod"].setdefault("db", {})["password"] = dice.token()
    return True


def add_or_remove_secret(dice: Dice, state: State) -> bool:
    trees = state.secrets.setdefault("prod-eu", {})
    if trees.get("web"):
        trees["web"] = {}
    else:
        trees["web"] = {"token": dice.token()}
    return True


def change_template(dice: Dice, state: State) -> bool:
    state.banner += 1
    return True


def change_comment(dice: Dice, state: State) -> bool:
    state.comment += 1
    return True


def rename_key(dice: Dice, state: State) -> bool:
    limits = state.layers["base"].get("web", {}).get("limits", {})
    old, new = ("memory", "ram") if "memory" in limits else ("ram", "memory")
    if old not in limits:
        return False
    limits[new] = limits.pop(old)
    return True


def add_component(dice: Dice, state: State) -> bool:
    state.layers["base"][f"svc-{dice.fresh()}"] = {"port": dice.fresh(), "routes": [{"name": "x"}]}
    return True


def remove_component(dice: Dice, state: State) -> bool:
    extra = [name for name in state.layers["base"] if name.startswith("svc-")]
    for layer in state.layers.values():
        layer.pop(extra[0] if extra else "", None)
    return bool(extra)


def rename_component(dice: Dice, state: State) -> bool:
    extra = [name for name in state.layers["base"] if name.startswith("svc-")]
    if not extra:
        return False
    name = f"svc-{dice.fresh()}"
    for layer in state.layers.values():
        if extra[-1] in layer:
            layer[name] = layer.pop(extra[-1])
    return True


def change_behind_reference(dice: Dice, state: State) -> bool:
    """`web.upstream` follows `api.port`."""
    state.layers["prod"].setdefault("api", {})["port"] = dice.fresh()
    return True


def empty_overlay(dice: Dice, state: State) -> bool:
    """All that an overlay says of a component goes."""
    names = sorted(state.layers["test"])
    return bool(names) and state.layers["test"].pop(dice.choice(names)) is not None


DEEDS: tuple[Callable[[Dice, State], bool], ...] = (
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
