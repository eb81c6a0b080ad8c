"""cfgc compiles layered configuration: merges, decrypts, checks, renders, and knows where every value comes from.

The public API: `Project`, `Compilation`, `compile_environment`, `Diagnostic`, `Failed`, `Severity`, `Location`,
`Artifact`. Names are imported when they are first used, so that `import cfgc` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cfgc.api import Compilation, Project, compile_environment
    from cfgc.diagnostics import Diagnostic, Failed, Severity
    from cfgc.model.artifact import Artifact
    from cfgc.model.location import Location

__version__ = "0.1.0"

__all__ = [
    "Artifact",
    "Compilation",
    "Diagnostic",
    "Failed",
    "Location",
    "Project",
    "Severity",
    "__version__",
    "compile_environment",
]

_HOMES = {
    "Artifact": "cfgc.model.artifact",
    "Compilation": "cfgc.api",
    "Diagnostic": "cfgc.diagnostics",
    "Failed": "cfgc.diagnostics",
    "Location": "cfgc.model.location",
    "Project": "cfgc.api",
    "Severity": "cfgc.diagnostics",
    "compile_environment": "cfgc.api",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module `cfgc` has no attribute `{name}`")
    return getattr(import_module(_HOMES[name]), name)
