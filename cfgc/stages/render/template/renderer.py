"""One template, rendered: the content, the sealed form, and what was read (SPEC sections 6 and 8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cfgc.model.keypath import KeyPath, show
from cfgc.model.values import Value
from cfgc.stages.render.job import Context, Job, lookup
from cfgc.stages.render.options import excluded
from cfgc.stages.render.plain import Cut, shape
from cfgc.stages.render.template.bare import grammar_of
from cfgc.stages.render.template.digest import digest_form
from cfgc.stages.render.template.engine import Engine
from cfgc.stages.render.template.fault import Fault, Finding, TokenUsed
from cfgc.stages.render.template.faults import FAULTS, describe
from cfgc.stages.render.template.files import Templates
from cfgc.stages.render.template.reads import Reads
from cfgc.stages.render.template.runtime import fitted
from cfgc.stages.render.template.views import MapView, view

_LARGEST = 16 << 20
VISIBLE = ("config", "environment", "labels", "component", "tree")


class Rendered(NamedTuple):
    """The result of a template, JSON-able. Without content there is a finding; without `sealed` it is the content."""

    content: str | None
    sealed: str | None = None
    secret: bool = False
    needs: Sequence[tuple[str, KeyPath]] = ()
    findings: Sequence[Finding] = ()


def render_templates(jobs: Sequence[Job], context: Context, templates: Templates) -> Iterator[Rendered]:
    """The results of all template jobs, in order, from one engine."""
    engine = Engine(templates)
    for job in jobs:
        yield Rendering(job, context, templates, engine).run()


@dataclass(slots=True)
class Rendering:
    """One job on its way through the engine."""

    job: Job
    context: Context
    templates: Templates
    engine: Engine
    config: Value = None
    needs: list[tuple[str, KeyPath]] = field(default_factory=list)

    def run(self) -> Rendered:
        """The rendered template; every fault of it becomes a finding."""
        try:
            self.prepare()
            if self.context.sealed or self.job.output.only == "plain":
                return self._sealed()
            return self._revealed()
        except FAULTS as error:
            return self.failed(error)

    def _revealed(self) -> Rendered:
        reads = self.reads(sealed=False)
        content = self.text(reads)
        if not reads.secret:
            return Rendered(content, needs=self._all_needs(reads))
        sealed, used = self._sealed_form()
        return Rendered(content, sealed if used else None, used, self._all_needs(reads))

    def _sealed(self) -> Rendered:
        """Tokens for secrets: for a run without keys, and for `only: plain`, which must do without secrets."""
        reads = self.reads(sealed=True)
        try:
            text, used = self.text(reads), reads.printed
        except TokenUsed as token:
            if self.job.output.only == "plain":
                fault = Fault("template-secret-refused", token.path, where=show(token.path))
                raise fault.with_traceback(token.__traceback__) from None
            text, used = self._digest(), True
        except TypeError:
            if not reads.secret:
                raise
            text, used = self._digest(), True  # a token in foreign code
        return Rendered(text, None, used, self._all_needs(reads))

    def _sealed_form(self) -> tuple[str, bool]:
        """The sealed form, and whether a secret was used. The plain text rendered, so a failure now is a token's."""
        reads = self.reads(sealed=True)
        try:
            return self.text(reads), reads.printed
        except Fault as fault:
            if fault.rule == "template-bare-secret":
                raise
            return self._digest(), True
        except (TokenUsed, *FAULTS):
            return self._digest(), True

    def prepare(self) -> None:
        """Finds `config`: the part of the tree that the output is about; raises `Fault` for a null that it refuses."""
        output = self.job.output
        value = lookup(self.context.tree, self.job.start)
        exclude = excluded(self.job, value)
        cut = Cut(exclude, nulls=output.nulls, runtime="omit" if output.runtime == "omit" else "keep")
        if not exclude and output.nulls is None and cut.runtime == "keep":
            self.config = value
            return
        shaped = shape(value, cut)
        self.config = shaped.data
        for rule, path in shaped.refused:
            raise Fault(rule, (*self.job.start, *path), where=show((*self.job.start, *path)))
        if cut.runtime == "omit":
            self.needs = [(variable.name, (*self.job.start, *path)) for variable, path in shaped.needs]

    def reads(self, *, sealed: bool) -> Reads:
        return Reads(self.job, self.context, sealed=sealed)

    def text(self, reads: Reads) -> str:
        """The text of the template; raises what `FAULTS` names, and `TokenUsed`."""
        pieces: list[str] = []
        size = 0
        for raw in self.pieces(reads):
            piece = fitted(self.engine.piece(raw), pieces)
            size += len(piece)
            if size > _LARGEST:
                raise Fault("template-too-large", what=f"a file of more than {_LARGEST} characters")
            pieces.append(piece)
        text = "".join(pieces)
        text.encode()
        return text

    def pieces(self, reads: Reads) -> Iterator[str]:
        """The text of the template as it comes."""
        self.engine.begin(reads, grammar_of(self.job.output.to))
        template = self.engine.get_template(self.job.output.template or "")
        return template.root_render_func(template.new_context(self._visible(reads)))

    def failed(self, error: BaseException) -> Rendered:
        return Rendered(None, findings=[describe(error, self.job.output.template or "", self.templates, VISIBLE)])

    def _visible(self, reads: Reads) -> dict[str, Any]:
        return {
            "config": view(self.config, self.job.start, reads),
            "environment": self.context.environment,
            "labels": MapView(dict(self.context.labels), ("labels",), _Public()),
            "component": self.job.name,
            "tree": view(self.context.tree, (), reads),
        }

    def _digest(self) -> str:
        return digest_form(self.job, self.context, self.config, self.engine, self.templates)

    def _all_needs(self, reads: Reads) -> list[tuple[str, KeyPath]]:
        return [*self.needs, *reads.needs]


class _Public:
    def leaf(self, value: Value, _: KeyPath) -> Any:
        return value
