"""One run over one source: what is read once and serves every environment."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.external.timing import span
from cfgc.model.layers import Document, LayerFile, Locator, Source
from cfgc.model.manifest import Revision
from cfgc.model.project import Project
from cfgc.model.values import Value
from cfgc.stages.discover import discover
from cfgc.stages.read import Reader, Shelf
from cfgc.stages.secrets import seal

if TYPE_CHECKING:
    from cfgc.external.git.sources import Difference
    from cfgc.stages.check.policy import Policies
    from cfgc.stages.check.schema import Schemas
    from cfgc.stages.secrets.reveal import Revealer

T = TypeVar("T")

_SETTINGS = "cfgc.yaml"
FOLDERS = ("environments", "schemas", "policies", "templates", _SETTINGS)


class Session:
    """A project read from one source: working tree, index or revision. Files, schemas and policies are read once.

    `findings` holds what concerns no single environment: `cfgc.yaml`, schemas, policies.
    """

    def __init__(self, source: Source, root: Path, shelf: Shelf | None = None, processes: int = 1) -> None:
        """`shelf` is what sessions over several contents of one project share: each document is then read once.

        `processes` is how many may work for it side by side; a library does not fork the program that uses it.
        """
        self.source = source
        self.root = root
        self.shelf = shelf
        self.processes = processes
        self.reader = Reader(source, shelf)
        self.findings: list[Diagnostic] = []
        self.other_inputs: dict[str, None] = {}
        self.stopped_templates: set[str] = set()
        self.known_revision: Revision | None = None
        """what `revision` answers, where that is known without asking Git"""
        self._settings: dict[str, None] = {}
        self._documents: dict[str, tuple[Document | None, list[Diagnostic]]] = {}

    @cached_property
    def project(self) -> Project:
        """The project, discovered when first asked for; raises `Failed` when there is no usable one."""
        with span("discover"):
            return self._keep(discover(self.source, self.data, self.locator))

    def after(self, source: Source, changed: Mapping[str, Difference]) -> Session:
        """A session over contents that differ from these in the `changed` paths alone, to compile them.

        It takes over what cannot have changed: documents, schemas, the project where no file came or went.
        """
        later = Session(source, self.root, self.shelf)
        later.reader = self.reader.after(source, changed)
        later.other_inputs.update((name, None) for name in self.other_inputs if _is_setting(name))
        later._settings.update((name, None) for name in self._settings if _is_setting(name))
        later._documents.update((path, kept) for path, kept in self._documents.items() if path not in changed)
        if "project" in self.__dict__ and _SETTINGS not in changed and not self._lists_other(changed):
            later.project = self.project
        if "schemas" in self.__dict__ and not any(path.partition("/")[0] == "schemas" for path in changed):
            later.schemas = self.schemas
        return later

    def concerned(self, changed: Mapping[str, Difference], layer_files: Container[str] | None = None) -> bool:
        """Whether what was compiled here might become something else where these files differ.

        `layer_files` are those that went into it; without them, all that were read.
        """
        known = self._documents if layer_files is None else layer_files
        return any(path in known or path in self.other_inputs for path in changed) or self._lists_other(changed)

    @property
    def locator(self) -> Locator:
        return self.reader.locator

    @cached_property
    def schemas(self) -> Schemas:
        """The project's schemas, compiled when first asked for."""
        from cfgc.stages.check import schema

        with span("load schemas"):
            return self._keep(schema.load(self.source, self.data, self.locator))

    @cached_property
    def policies(self) -> Policies | None:
        """The project's policies and waivers; none without the folder, and then no engine is imported either."""
        if not self.source.exists("policies"):
            return None
        from cfgc.stages.check import policy

        with span("load policies"):
            return self._keep(policy.load(self.source, self.data, self.locator))

    @cached_property
    def revealer(self) -> Revealer:
        """Decrypts, each file once a run."""
        from cfgc.stages.secrets.reveal import Doors, Revealer

        return Revealer(Doors(self.source.read, self.locator, self.root, self.project.recipients))

    def text_file(self, path: str) -> bytes:
        """The bytes behind `${file:path}`; they count as an input."""
        self.other_inputs[path] = None
        return self.source.read(path)

    def data(self, path: str) -> tuple[Value, list[Diagnostic]]:
        """A file that is no layer file, as data: `cfgc.yaml`, a schema, a policy."""
        self.other_inputs[path] = self._settings[path] = None
        return self.reader.data(path)

    def document(self, file: LayerFile) -> tuple[Document | None, list[Diagnostic]]:
        """A layer file, read and sealed, once a run."""
        known = self._documents.get(file.path)
        if known is None:
            known = self._documents[file.path] = self._read(file)
        return known

    def unread(self, files: Iterable[LayerFile]) -> list[LayerFile]:
        """Those of some layer files that nobody has asked for yet."""
        return [file for file in files if file.path not in self._documents]

    def other_content_ids(self, texts: Iterable[str]) -> dict[str, str]:
        """Path -> content id of the other inputs: `cfgc.yaml`, schemas, policies, templates, and these texts.

        One that cannot be read has no id; whoever needed it has said so.
        """
        from cfgc.external.git import blob_id

        ids: dict[str, str] = {}
        for name in (
            *self._settings,
            *texts,
            *(each.path for each in self.source.list("templates") if each.kind == "file"),
        ):
            with suppress(OSError):
                ids[name] = blob_id(self.source.read(name))
        return ids

    def changed(self) -> list[Diagnostic]:
        """What was written to in the working tree since it was read (THREATS Gi7); other sources stand still."""
        from cfgc.external.files import WorkTree

        if isinstance(self.source, WorkTree):
            return self.source.changed()
        from cfgc.external.recorded import Recorder

        return self.source.changed() if isinstance(self.source, Recorder) else []

    def revision(self, inputs: Mapping[str, str]) -> Revision:
        """The commit that was compiled, and whether the inputs were exactly its content.

        The files as they are can be compiled without Git; no commit is named then.
        """
        if self.known_revision is not None:
            return self.known_revision
        from cfgc.external.git import head_commit, is_clean

        name = self.source.describe()
        if name not in ("working tree", "index"):
            return Revision(name, clean=True)
        try:
            commit = head_commit(self.root)
        except Failed as failed:
            if failed.diagnostics[0].name != "git-not-found":
                raise
            return Revision()
        # folders too: a layer file that was deleted is no input and still a difference
        paths = dict.fromkeys((*FOLDERS, *inputs))
        clean = commit is not None and name == "working tree" and is_clean(self.root, paths, inputs)
        return Revision(commit or "", clean=clean)

    def _lists_other(self, changed: Mapping[str, Difference]) -> bool:
        """Whether a file came or went that may be one of a layer or a schema; with patterns, it may stand anywhere."""
        project = self.__dict__.get("project")
        patterns = project is not None and isinstance(project.settings.get("layout"), dict)
        anywhere = patterns or (project is None and self.source.exists(_SETTINGS))
        tops = (path.partition("/")[0] for path, how in changed.items() if how != "changed")
        return any(anywhere or top in ("environments", "schemas", _SETTINGS) for top in tops)

    def _read(self, file: LayerFile) -> tuple[Document | None, list[Diagnostic]]:
        document, found = self.reader.read(file)
        if document is None:
            return None, found
        sealed, more = seal(document, self.locator)
        return sealed, [*found, *more] if more else found

    def _keep(self, result: tuple[T, list[Diagnostic]]) -> T:
        value, found = result
        self.findings.extend(found)
        return value


def _is_setting(path: str) -> bool:
    """Whether a file is `cfgc.yaml` or a schema: what every compilation goes by."""
    return path == _SETTINGS or path.startswith("schemas/")
