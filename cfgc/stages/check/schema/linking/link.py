"""Schema files to one linked document: what each `$ref` means, decided here and nowhere else (THREATS S01).

A `$ref` is looked up first among the `$id`s of the project's schemas, then as a file of `schemas/` relative to the
file it stands in. Nothing outside the listed files is ever opened, and the engines meet only pointers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.model.keypath import KeyPath
from cfgc.model.layers import Locator
from cfgc.model.text import closest
from cfgc.model.values import Value
from cfgc.stages.check.schema.linking import uris
from cfgc.stages.check.schema.linking.document import Copier, Reference
from cfgc.stages.check.schema.linking.files import FOLDER, SchemaFiles
from cfgc.stages.check.schema.linking.linked import Edges, Linked, Origin, Schema, place_of

ReadData: TypeAlias = Callable[[str], tuple[Value, list[Diagnostic]]]


def link(files: SchemaFiles, read_data: ReadData, locator: Locator) -> tuple[Linked, list[Diagnostic]]:
    """All schema files, and those they refer to, as one document; reports everything that is wrong in them."""
    linker = _Linker(files, read_data, locator)
    for file in files.schemas:
        linker.load(file)
    linker.resolve_all()
    return linker.linked, linker.copier.found + linker.unused()


class _Linker:
    def __init__(self, files: SchemaFiles, read_data: ReadData, locator: Locator) -> None:
        self.files = files
        self.mounted = {mount.file for mount in files.mounts}
        self.read_data = read_data
        self.linked = Linked()
        self.copier = Copier(self.linked, locator)
        self.data: dict[str, Value] = {}

    def load(self, file: str) -> None:
        value, found = self.read_data(file)
        self.copier.found += found
        self.data[file] = value
        if any(diagnostic.is_error for diagnostic in found):
            self.linked.broken.add(file)
        else:
            self.copier.root(file, value, mounted=file in self.mounted)

    def resolve_all(self) -> None:
        """Gives each reference its target; a target may be a file not read yet, which brings references of its own."""
        for reference in self.copier.references:  # grows while it is walked
            target = self._target(reference)
            if target is not None:
                self._bind(reference, target)

    def _bind(self, reference: Reference, target: Schema) -> None:
        text = self.linked.origin(target).reference
        self.linked.targets[text] = target
        schema = reference.schema
        if reference.keyword == "$dynamicRef":
            schema = self._beside(reference)
        schema["$ref"] = text
        self.linked.edges.setdefault(id(schema), Edges([], [])).in_place.append(target)

    def _beside(self, reference: Reference) -> Schema:
        """A schema beside, in `allOf`: a `$dynamicRef` may stand beside a `$ref`."""
        extra: Schema = {}
        self.linked.origins[id(extra)] = self._at(reference)
        reference.schema["allOf"] = [*reference.schema.get("allOf", ()), extra]
        self.linked.edges.setdefault(id(reference.schema), Edges([], [])).in_place.append(extra)
        return extra

    def _target(self, reference: Reference) -> Schema | None:
        if reference.keyword == "$dynamicRef" and not self._is_static(reference):
            return None
        address = uris.join(reference.base, reference.text)
        resource = self._resource(address.uri, reference) if address else None
        if resource is None or address is None:
            self._report_missing(reference)
            return None
        if resource.file != reference.origin.file:
            self.linked.links.setdefault(reference.origin.file, set()).add(resource.file)
        if resource.file not in self.linked.roots:  # what is wrong with that file is reported already
            return None
        return self._inside(resource, address, reference)

    def _resource(self, uri: str, reference: Reference) -> Origin | None:
        """The root that an address means: one with that `$id`, or a file."""
        is_relative = uris.is_relative(reference.text)
        file = uris.to_file(uri)
        if file is not None and not is_relative:  # the addresses of files are our own affair
            return None
        if known := self.copier.names.resources.get(uri):
            return known
        if file is None and is_relative:
            # a `$id` with a public address: its relative references still mean the files beside
            beside = uris.join(uris.of_file(reference.origin.file), reference.text)
            file = uris.to_file(beside.uri) if beside else None
        if file is None or file not in {*self.files.schemas, *self.files.others}:
            return None
        if file not in self.data:
            self.load(file)
        return Origin(file, ())

    def _inside(self, resource: Origin, address: uris.Address, reference: Reference) -> Schema | None:
        """The schema that the fragment names inside a resource."""
        if address.fragment and not address.fragment.startswith("/"):
            found = self.copier.names.anchors.get((address.uri, address.fragment))
            path = found.path if found else None
        else:
            path = self._walk(resource, address.fragment)
        if path is None:
            self._report_nothing_there(reference, resource.file, address.fragment)
            return None
        known = self.copier.places.get((resource.file, path))
        return self._adopt(resource.file, path, reference) if known is None else known

    def _walk(self, resource: Origin, fragment: str) -> KeyPath | None:
        """The path in its file that a pointer leads to, if something is there."""
        path = list(resource.path)
        value = _at(self.data[resource.file], resource.path)
        for token in uris.tokens(fragment) if fragment else ():
            step = _step(value, token)
            if step is None:
                return None
            path.append(step)
            value = value[step]
        return tuple(path)

    def _adopt(self, file: str, path: KeyPath, reference: Reference) -> Schema | None:
        """Takes a place that no keyword calls a schema (`#/components/x`) for one, because a `$ref` says so."""
        value = _at(self.data[file], path)
        if not isinstance(value, (dict, bool)):
            self.copier.refuse(
                "schema-ref-missing", self._at(reference), ref=reference.text, why="is no schema", help=""
            )
            return None
        return self.copier.definition(value, Origin(file, path, len(path)), uris.of_file(file))

    def _is_static(self, reference: Reference) -> bool:
        """Whether a `$dynamicRef` has one possible target whatever leads to it, so that it is a `$ref`."""
        named = self.copier.names.dynamic.get(reference.text.rpartition("#")[2], [])
        if len(named) < 2:
            return True
        others = [
            Label(place_of(self.copier.locator, origin.below("$dynamicAnchor")), "one of them") for origin in named
        ]
        self.linked.broken.add(reference.origin.file)
        at = place_of(self.copier.locator, self._at(reference))
        self.copier.found.append(report("schema-dynamic-ref", at=at, related=others, ref=reference.text))
        return False

    def _report_missing(self, reference: Reference) -> None:
        """Reports an address without a schema: one outside `schemas/`, or a file that does not exist."""
        if not uris.is_relative(reference.text):
            self.copier.refuse("schema-ref-outside", self._at(reference), ref=reference.text)
            return
        meant = uris.join(uris.of_file(reference.origin.file), reference.text)
        file = uris.to_file(meant.uri) if meant else None
        if file is None:
            self.copier.refuse("schema-ref-outside", self._at(reference), ref=reference.text)
            return
        known = closest(file, [*self.files.schemas, *sorted(self.files.others)])
        hint = f"did you mean `{known}`?" if known else f"write the path of a file below `{FOLDER}/`"
        why = f"leads to `{file}`, which does not exist"
        self.copier.refuse("schema-ref-missing", self._at(reference), ref=reference.text, why=why, help=hint)

    def _report_nothing_there(self, reference: Reference, file: str, fragment: str) -> None:
        root = self.linked.roots.get(file, {})
        names = [f"#/{defs}/{name}" for defs in ("$defs", "definitions") for name in root.get(defs, {})]
        known = closest("#" + fragment, names)
        self.copier.refuse(
            "schema-ref-missing",
            self._at(reference),
            ref=reference.text,
            why=f"names nothing in `{file}`",
            help=f"did you mean `{known}`?" if known else "",
        )

    @staticmethod
    def _at(reference: Reference) -> Origin:
        return reference.origin.below(reference.keyword)

    def unused(self) -> list[Diagnostic]:
        """A warning for each file in `schemas/` that neither stands somewhere nor is referred to: it checks nothing.

        None while a file is broken: what that file would use is not known, and one cause is one finding.
        """
        if self.files.refused or self.linked.broken:
            return []
        used = self.mounted.union(*self.linked.links.values())
        idle = [file for file in (*self.files.schemas, *sorted(self.files.others)) if file not in used]
        return [
            report("unused-schema-file", at=place_of(self.copier.locator, Origin(file, ())), file=file) for file in idle
        ]


def _at(value: Any, path: KeyPath) -> Any:
    for step in path:
        value = value[step]
    return value


def _step(value: Any, token: str) -> str | int | None:
    """The step into a map or a list that a pointer's token means, if there is such a child."""
    if isinstance(value, dict) and token in value:
        return token
    if isinstance(value, list) and token.isdecimal() and token.isascii() and int(token[:9]) < len(value):
        return int(token[:9])
    return None
