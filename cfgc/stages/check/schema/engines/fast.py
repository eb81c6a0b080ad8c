"""Engine 1: compiled validators of jsonschema-rs. They say whether a value is valid, nothing else (ADR 0007)."""

from __future__ import annotations

from typing import Any

from cfgc.external import regex
from cfgc.model.keypath import KeyPath
from cfgc.model.values import Value
from cfgc.stages.check.schema.formats.formats import OWN, is_port
from cfgc.stages.check.schema.keywords import PORT
from cfgc.stages.check.schema.linking.linked import Linked


class Refused(Exception):
    """The engine does not take a schema that passed our own checks."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class FastEngine:
    """Validators by schema file, compiled when they are first needed."""

    def __init__(self, linked: Linked) -> None:
        self._linked = linked
        self._compiled: dict[str, Any] = {}

    def compile(self, file: str) -> None:
        """Makes the validator of a file ready; raises `Refused`."""
        if file not in self._compiled:
            self._compiled[file] = self._compile(file)

    def accepts(self, file: str, value: Value) -> bool:
        """Whether a value without special leaves is valid; what the engine cannot read counts as invalid."""
        try:
            return bool(self._compiled[file].is_valid(value))
        except ValueError:  # e.g. a lone surrogate: the other engine has the last word
            return False

    def faults(self, file: str, value: Value) -> set[KeyPath]:
        """The paths at which a value is invalid."""
        return {tuple(error.instance_path) for error in self._compiled[file].iter_errors(value)}

    def _compile(self, file: str) -> Any:
        from jsonschema_rs import Draft202012Validator, ReferencingError

        files = self._linked.reachable(file)
        definitions = {
            name: schema
            for name, schema in self._linked.definitions.items()
            if self._linked.origin(schema).file in files
        }
        document = {"$ref": self._linked.origin(self._linked.roots[file]).reference, "$defs": definitions}
        try:
            return Draft202012Validator(
                document,
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
