"""Engine 1: compiled validators of jsonschema-rs. They say whether a value is valid, nothing else (ADR 0007)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cfgc.external import regex
from cfgc.model.keypath import KeyPath
from cfgc.model.values import Value
from cfgc.stages.check.schema.formats.formats import OWN, is_port
from cfgc.stages.check.schema.keywords import PORT
from cfgc.stages.check.schema.linking.linked import Linked, Schema


class Refused(Exception):
    """The engine does not take a schema that passed our own checks."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class FastEngine:
    """Validators by schema, compiled when they are first needed."""

    def __init__(self, linked: Linked) -> None:
        self._linked = linked
        self._compiled: dict[int, Any] = {}

    def compile(self, schema: Schema) -> None:
        """Makes the validator of a schema ready; raises `Refused`."""
        if id(schema) not in self._compiled:
            self._compiled[id(schema)] = self._compile(schema)

    def accepts(self, schema: Schema, value: Value) -> bool:
        """Whether a value without special leaves is valid; what the engine cannot read counts as invalid."""
        self.compile(schema)
        try:
            return bool(self._compiled[id(schema)].is_valid(value))
        except ValueError:  # e.g. a lone surrogate: the other engine has the last word
            return False

    def faults(self, schema: Schema, value: Value) -> Iterator[KeyPath]:
        """The paths at which a value is invalid."""
        try:
            for error in self._compiled[id(schema)].iter_errors(value):
                yield tuple(error.instance_path)
        except ValueError:
            yield ()

    def _compile(self, schema: Schema) -> Any:
        from jsonschema_rs import Draft202012Validator, ReferencingError

        origin = self._linked.origin(schema)
        files = self._linked.reachable(origin.file)
        definitions = {
            name: definition
            for name, definition in self._linked.definitions.items()
            if self._linked.origin(definition).file in files
        }
        try:
            return Draft202012Validator(
                {"$ref": origin.reference, "$defs": definitions},
                formats=dict(OWN),
                validate_formats=True,
                ignore_unknown_formats=False,
                retriever=_refuse,
                pattern_options=regex.options(),
                keywords={PORT: _Port},
            )
        except (ValueError, ReferencingError) as error:
            raise Refused(str(error).partition("\n")[0]) from None


def _refuse(uri: str) -> Any:
    """Nothing is ever fetched: the linked document needs nothing (THREATS S01)."""
    raise LookupError(uri)


class _Port:
    """The keyword beside `format: port`: formats are asked about texts only."""

    def __init__(self, _schema: dict[str, Any], _value: Any, _path: list[str | int]) -> None:
        """Keeps nothing: the keyword has no argument."""

    def validate(self, instance: Any) -> None:
        if isinstance(instance, (int, float)) and not isinstance(instance, bool) and not is_port(instance):
            raise ValueError("no port")
