"""Findings: the type, the catalogue (the only way to make one) and the renderers."""

from cfgc.diagnostics.catalogue import report
from cfgc.diagnostics.diagnostic import Diagnostic, Failed, Label, Severity

__all__ = ["Diagnostic", "Failed", "Label", "Severity", "report"]
