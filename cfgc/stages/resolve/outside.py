"""References that lead out of the tree: facts of the run, text files, plugins' schemes (SPEC section 5).

What they bring is data: nothing searches it for references again (THREATS R08, R09).
"""

from __future__ import annotations

from cfgc.diagnostics import report
from cfgc.model.keypath import KeyPath, KeyPathError, parse, show
from cfgc.model.text import closest
from cfgc.model.values import Value
from cfgc.stages.resolve.context import Context
from cfgc.stages.resolve.findings import Missing
from cfgc.stages.resolve.template import Reference, excerpt

MAX_FILE = 1 << 20
"""Bytes of a file that a reference may bring."""

_FACTS = ("environment", "component", "labels")
_CIPHERTEXT = "ENC[AES256_GCM,"


class Outside:
    """All that does not stand in the tree. A file is read once a run."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._texts: dict[str, str] = {}

    def value(self, reference: Reference, path: KeyPath) -> Value:
        """What a `${scheme:rest}` at `path` stands for; raises `Missing`."""
        rest = reference.name[len(reference.scheme) + 1 :]
        if reference.scheme == "cfgc":
            return self._fact(rest, path)
        if reference.scheme == "file":
            return self._file(rest, path)
        return self._plugin(reference, rest, path)

    def _fact(self, name: str, path: KeyPath) -> str:
        if name == "environment":
            return self._context.environment
        if name == "component":
            return self._component(path)
        return self._label(name, path)

    def _component(self, path: KeyPath) -> str:
        component = self._context.component_of(path)
        if component is None:
            raise Missing(
                report(
                    "unknown-fact",
                    path=path,
                    fact="component",
                    reason="outside of a component",
                    hint="use it inside a component, for example in its `_each.yaml`",
                ),
                optional=True,
            )
        return show(component)

    def _label(self, name: str, path: KeyPath) -> str:
        label = _label_name(name)
        if label is not None and label in self._context.labels:
            return self._context.labels[label]
        known = [name for name in _FACTS if name != "labels"] + [f"labels.{key}" for key in self._context.labels]
        meant = closest(name, known)
        hint = f"did you mean `${{cfgc:{meant}}}`?" if meant else f"known are {_listed(known)}"
        reason = f"in environment `{self._context.environment}`" if label is not None else "as a fact"
        found = report("unknown-fact", path=path, fact=excerpt(name), reason=reason, hint=hint)
        raise Missing(found, optional=label is not None)

    def _file(self, name: str, path: KeyPath) -> str:
        text = self._texts.get(name)
        if text is None:
            text = self._texts[name] = self._read(name, path)
        return text

    def _read(self, name: str, path: KeyPath) -> str:
        if not _inside(name):
            raise _unreadable(name, path, "it is not a path inside the project", "write it from the project's root")
        try:
            content = self._context.read_file(name)
        except FileNotFoundError:
            hint = "write the path from the project's root"
            raise _unreadable(name, path, "it does not exist", hint, optional=True) from None
        except OSError:
            raise _unreadable(name, path, "it is no regular file", "refer to a regular file") from None
        if len(content) > MAX_FILE:
            raise _unreadable(name, path, f"it is larger than {MAX_FILE >> 20} MiB", "split the file")
        try:
            text = content.decode()
        except UnicodeDecodeError:
            raise _unreadable(name, path, "it is not UTF-8", "save it as UTF-8") from None
        if _CIPHERTEXT in text:
            raise _unreadable(name, path, "it is encrypted", "put the secret into a SOPS file of a layer")
        return text

    def _plugin(self, reference: Reference, rest: str, path: KeyPath) -> Value:
        resolver = self._context.resolvers.get(reference.scheme)
        if resolver is None:
            known = _listed(["cfgc:", "env:", "file:", *(f"{name}:" for name in sorted(self._context.resolvers))])
            found = report("unknown-scheme", path=path, scheme=reference.scheme, known=known)
            raise Missing(found, optional=False)
        try:
            return resolver(rest)
        except LookupError as error:
            reason = str(error.args[0]) if error.args else "it knows no such value"
            found = report("resolver-failed", path=path, reference=f"${{{reference.name}}}", reason=reason)
            raise Missing(found, optional=True) from None


def _label_name(name: str) -> str | None:
    """The label that `labels.x` or `labels."a.b"` names."""
    try:
        steps = parse(name)
    except KeyPathError:
        return None
    if len(steps) == 2 and steps[0] == "labels" and isinstance(steps[1], str):
        return steps[1]
    return None


def _inside(name: str) -> bool:
    """Whether a path cannot leave the project or reach into `.git`, whose `config` may hold credentials."""
    steps = name.split("/")
    return (
        name.isprintable() and "\\" not in name and not any(step in ("", ".", "..") or _is_git(step) for step in steps)
    )


def _is_git(step: str) -> bool:
    return step.casefold() == ".git"


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _unreadable(name: str, path: KeyPath, reason: str, hint: str, *, optional: bool = False) -> Missing:
    found = report("unreadable-text-file", path=path, file=excerpt(name), reason=reason, hint=hint)
    return Missing(found, optional=optional)
