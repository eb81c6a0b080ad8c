"""Schemas decide twice: a compiled engine says whether, an evaluator says what (ADR 0007)."""

from cfgc.stages.check.schema.schemas import Schemas, load

__all__ = ["Schemas", "load"]
