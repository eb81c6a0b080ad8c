"""Which layer of an environment is edited, and which environments see it."""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.diagnostics import Failed, report
from cfgc.model.project import Environment, Project


def edited_layer(project: Project, environment: Environment, named: str) -> str:
    """The layer that was named, or the environment's own: its last.

    Raises `Failed` for a layer that is none of the environment's, and where others share the last one.
    """
    if named:
        if named not in environment.layers:
            layers = ", ".join(f"`{layer}`" for layer in environment.layers)
            raise Failed(report("layer-not-used", goal=environment.name, called=named, help=f"its layers are {layers}"))
        return named
    own = environment.layers[-1]
    others = sorted(set(users(project, own)) - heirs(project, environment) - {environment.name})
    if others:
        shown = ", ".join(f"`{name}`" for name in others)
        raise Failed(
            report(
                "no-own-layer", at=environment.location, called=environment.name, layer=own, others=shown
            )
        )  # fmt: skip
    return own


def is_private(project: Project, environment: Environment, layer: str) -> bool:
    """Whether nobody sees a layer but the environment and those that extend it."""
    return set(users(project, layer)) <= heirs(project, environment) | {environment.name}


def users(project: Project, layer: str) -> Iterator[str]:
    """The environments that a layer is part of."""
    return (name for name, known in project.environments.items() if layer in known.layers)


def heirs(project: Project, environment: Environment) -> set[str]:
    """The environments whose chain holds all of this one's layers in their order, and more."""
    return {name for name, known in project.environments.items() if _extends(known.layers, environment.layers)}


def _extends(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    rest = iter(longer)
    return len(longer) > len(shorter) and all(layer in rest for layer in shorter)
