"""A hand-made world for the render stage: a tree, templates, keywords of schemas, and short ways to render."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cfgc.diagnostics import Diagnostic
from cfgc.model.artifact import Artifact
from cfgc.model.keypath import KeyPath, parse
from cfgc.model.location import Location
from cfgc.model.project import Output
from cfgc.model.values import Secret, Unknown, Variable
from cfgc.stages.render import Context, Job, render
from tests.memory import Memory

WEB: KeyPath = ("managers", "web")
SETTING = Location("cfgc.yaml", 7, 3, 7, 40)


@dataclass
class At:
    """A cursor of `Keywords`."""

    known: Mapping[KeyPath, Mapping[str, Any]]
    path: KeyPath = ()

    def step(self, step: str | int) -> At | None:
        return At(self.known, (*self.path, step))

    def get(self, keyword: str) -> Any:
        return self.known.get(self.path, {}).get(keyword)


@dataclass
class Keywords:
    """`x-cfgc-*` by key path, as the schema stage hands them out."""

    known: Mapping[KeyPath, Mapping[str, Any]] = field(default_factory=dict)

    def root(self) -> At:
        return At(self.known)

    def get(self, keyword: str, path: KeyPath) -> Any:
        return self.known.get(path, {}).get(keyword)

    def uses(self, keyword: str) -> bool:
        return any(keyword in one for one in self.known.values())


def secret(plain: Any, token: str = "ENC[AES256_GCM,data:abc,type:str]", **more: Any) -> Secret:
    return Secret(token, "string", plain, **more)


def unknown(*parts: Any) -> Unknown:
    return Unknown(
        tuple(Variable(part[1:]) if isinstance(part, str) and part.startswith("$") else part for part in parts)
    )


def owner(path: KeyPath) -> KeyPath | None:
    return path[:2] if len(path) >= 2 and path[0] == "managers" else None


def context(
    tree: Any,
    *,
    templates: Mapping[str, str | bytes] | None = None,
    links: tuple[str, ...] = (),
    keywords: Mapping[str, Mapping[str, Any]] | None = None,
    shared: tuple[tuple[str, str], ...] = (),
    **more: Any,
) -> Context:
    """A context; `shared` names pairs of a secret's path and the component that may read it."""
    allowed = {(parse(path), parse(component)) for path, component in shared}
    files = Memory({f"templates/{name}": text for name, text in (templates or {}).items()}, links)
    return Context(
        environment="prod",
        labels={"tier": "prod", "region": "eu"},
        tree=tree,
        annotations=Keywords({parse(path): one for path, one in (keywords or {}).items()}),
        source=files,
        component_of=owner,
        shared=lambda path, component: (path, component) in allowed,
        **more,
    )


def output(to: str = "out", **options: Any) -> Output:
    return Output("*", to, location=SETTING, **options)


def web(config: Any) -> dict[str, Any]:
    """A tree with one component, `managers.web`."""
    return {"managers": {"web": config}}


def emitted(format: str, config: Any, *, world: Mapping[str, Any] | None = None, **options: Any) -> Artifact:
    """The artifact of `managers.web` in a format; fails on any finding."""
    artifacts, found = run(format, config, world=world, **options)
    assert not found, [one.message for one in found]
    return artifacts[0]


def refused(format: str, config: Any, *, world: Mapping[str, Any] | None = None, **options: Any) -> list[Diagnostic]:
    """The findings for `managers.web` in a format, of which there must be an error and no artifact."""
    artifacts, found = run(format, config, world=world, **options)
    assert not artifacts
    assert any(one.is_error for one in found)
    return found


def run(
    format: str, config: Any, *, world: Mapping[str, Any] | None = None, **options: Any
) -> tuple[list[Artifact], list[Diagnostic]]:
    job = Job(WEB, output(format=format, **options))
    return render([job], context(web(config), **(world or {})))


def text(format: str, config: Any, **options: Any) -> str:
    """What `managers.web` is in a format."""
    return emitted(format, config, **options).content.decode()


def templated(
    source: str, config: Any, *, to: str = "out.conf", **more: Any
) -> tuple[Artifact | None, list[Diagnostic]]:
    """The artifact of one template for `managers.web`; `more` goes to `context`, output options to `options`."""
    options = more.pop("options", {})
    templates = {"t.j2": source, **more.pop("templates", {})}
    tree = more.pop("tree", None) or web(config)
    job = Job(WEB, output(to, template="t.j2", **options))
    artifacts, found = render([job], context(tree, templates=templates, **more))
    return (artifacts[0] if artifacts else None), found


def shown(source: str, config: Any, **more: Any) -> str:
    """The text of a template; fails on any finding."""
    artifact, found = templated(source, config, **more)
    assert artifact is not None, [one.message for one in found]
    assert not found
    return artifact.content.decode()


def fault(source: str, config: Any, **more: Any) -> Diagnostic:
    """The one finding of a template that fails."""
    artifact, found = templated(source, config, **more)
    assert artifact is None
    assert len(found) == 1, [one.message for one in found]
    return found[0]
