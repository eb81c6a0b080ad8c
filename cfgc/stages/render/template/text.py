"""How a value reads as text in a template: as configuration says it, not as Python does."""

from __future__ import annotations

from typing import Any

from jinja2 import Undefined

from cfgc.model.keypath import KeyPath
from cfgc.stages.render.template.fault import Fault, TokenUsed
from cfgc.stages.render.template.token import Token
from cfgc.stages.render.template.views import MapView, container_printed


def text_of(value: Any) -> str:
    """The text of a scalar; containers, null and everything that is no data are faults."""
    if isinstance(value, str):
        return value
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, (int, float)):
        return str(value)
    if type(value) is Token:
        raise TokenUsed(value.path)
    if type(value) is Undefined:
        return ""  # an `if` without `else`, as Jinja documents
    raise _fault(value)


def _fault(value: Any) -> Exception:
    if isinstance(value, Undefined):
        str(value)  # raises what is missing
    if value is None:
        return Fault("template-null-printed")
    if isinstance(value, (list, tuple, dict, MapView)):
        return container_printed("a map" if isinstance(value, (dict, MapView)) else "a list", _path(value))
    if hasattr(value, "key_path"):
        return container_printed("a list", value.key_path)
    return Fault("template-not-data", what=type(value).__name__)


def _path(value: Any) -> KeyPath | None:
    return value.key_path if isinstance(value, MapView) else None
