"""The formats. A new one is a module here and a line in `_MODULES`."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module

from cfgc.stages.render.emitters.emitter import Emitter, Expansion, Sheet, Unfit, leaves

_MODULES = {
    "dotenv": "dotenv",
    "shell": "shell",
    "docker-env": "docker_env",
    "systemd": "systemd",
    "yaml": "yaml",
    "json": "json",
    "toml": "toml",
    "properties": "properties",
    "k8s-configmap": "k8s_configmap",
    "k8s-secret": "k8s_secret",
}

FORMATS = tuple(_MODULES)


@cache
def emitter(name: str) -> Emitter:
    """The emitter of a format; its module is imported when it is first asked for."""
    found: Emitter = import_module(f"{__name__}.{_MODULES[name]}").EMITTER
    return found


def forget() -> None:
    """Empties what the emitters remember of texts they wrote: after secrets were among them."""
    for module in list(_MODULES.values()):
        loaded = sys.modules.get(f"{__name__}.{module}")
        remembered = getattr(loaded, "REMEMBERED", None)
        if remembered is not None:
            remembered.cache_clear()


__all__ = ["FORMATS", "Emitter", "Expansion", "Sheet", "Unfit", "emitter", "forget", "leaves"]
