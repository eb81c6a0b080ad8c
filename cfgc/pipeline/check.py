"""The checks of one environment, in their order. A check gives findings and changes nothing."""

from __future__ import annotations

from datetime import date

from cfgc.diagnostics import Diagnostic
from cfgc.external.timing import span
from cfgc.model.keypath import KeyPath, show, starts_with
from cfgc.pipeline.compile import Compiled
from cfgc.pipeline.place import belonging
from cfgc.pipeline.session import Session
from cfgc.stages.discover import matches
from cfgc.stages.secrets import Access, Components


def check_environment(session: Session, compiled: Compiled, today: date, *, fine: bool = False) -> list[Diagnostic]:
    """All findings about one compiled environment, placed on their lines; none when it did not compile.

    Where the request is narrowed to components, only findings about these are given. `fine` says that
    `finds_nothing` has looked already.
    """
    if compiled.failed:
        return []
    found = session.schemas.annotations.diagnostics if fine else _found(session, compiled, today)
    named = (belonging(each, compiled.environment.name, compiled.owner) for each in found)
    return [compiled.placing.diagnostic(each) for each in named if _concerns(each, compiled.narrowed)]


def finds_nothing(session: Session, compiled: Compiled, today: date) -> bool:
    """Whether the checks of an environment without secrets have nothing to say: what a worker can tell."""
    sops = any(each.file.sops for layer in compiled.layers for each in layer.documents)
    return not compiled.failed and not sops and not _found(session, compiled, today)


def _found(session: Session, compiled: Compiled, today: date) -> list[Diagnostic]:
    name, count = compiled.environment.name, len(compiled.rendered)
    with span("check secrets", name, count):
        secrets = _secrets(session, compiled)
    with span("check schemas", name, count):
        schemas = _schemas(session, compiled)
    with span("check policies", name, count):
        return [*secrets, *schemas, *_policies(session, compiled, today)]


def access_of(session: Session, compiled: Compiled) -> Access:
    """Who may read which secret in this environment."""
    components = Components(compiled.owner, matches)
    references, annotations = compiled.resolved.references, session.schemas.annotations
    return Access(compiled.tree, references, components, annotations, compiled.merged.place)


def _secrets(session: Session, compiled: Compiled) -> list[Diagnostic]:
    """What needs no key: who reads a secret, what stands in plain text, for whom the files are encrypted."""
    return [
        *access_of(session, compiled).check(),
        *_plain_text(session, compiled),
        *_recipients(session, compiled),
    ]


def _plain_text(session: Session, compiled: Compiled) -> list[Diagnostic]:
    annotations = session.schemas.annotations
    if not annotations.uses("x-cfgc-secret"):
        return []
    from cfgc.stages.resolve.template import only_references
    from cfgc.stages.secrets.plain_text import check_plain_text

    return check_plain_text(compiled.merged.tree, annotations, only_references)


def _recipients(session: Session, compiled: Compiled) -> list[Diagnostic]:
    documents = [document for layer in compiled.layers for document in layer.documents if document.file.sops]
    if not documents:
        return []
    from cfgc.stages.secrets.recipients import check_recipients

    policy, environment = session.project.recipients, compiled.environment.name
    return [found for each in documents for found in check_recipients(each, policy, environment, session.locator)]


def _schemas(session: Session, compiled: Compiled) -> list[Diagnostic]:
    environment = compiled.environment.name
    found = session.schemas.check(compiled.tree, compiled.components, environment=environment, only=compiled.narrowed)
    return [*found, *session.schemas.annotations.diagnostics]


def _policies(session: Session, compiled: Compiled, today: date) -> list[Diagnostic]:
    if session.policies is None:
        return []
    from cfgc.stages.check.policy import Subject

    environment = compiled.environment
    subject = Subject(compiled.tree, compiled.rendered, environment.name, environment.labels, today, matches)
    compiled.verdict = session.policies.check(subject)
    return compiled.verdict.diagnostics


def _concerns(found: Diagnostic, narrowed: list[KeyPath] | None) -> bool:
    """Whether a finding is about one of some components: it says so, or stands there.

    A policy may blame what it reads elsewhere, and is about its component all the same.
    """
    if narrowed is None or found.path is None:
        return True
    path = found.path
    return any(found.component == show(component) or starts_with(path, component) for component in narrowed)
