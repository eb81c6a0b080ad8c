"""One template, rendered: the content, the sealed form, and what was read (SPEC sections 6 and 8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cfgc.model.keypath import KeyPath
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
        self.prepare()
        if self.context.sealed:
            return self._sealed_only()
        reads = self.reads(sealed=False)
        try:
            content = self.text(reads)
            sealed = self._sealed_form() if reads.secret else None
        except FAULTS as error:
            return self.failed(error)
        return Rendered(content, sealed, reads.secret, self._all_needs(reads))

    def prepare(self) -> None:
        """What `config` is: the part of the tree that the output is about."""
        output, exclude = self.job.output, excluded(self.job)
        cut = Cut(exclude, nulls=output.nulls, runtime="omit" if output.runtime == "omit" else "keep")
        value = lookup(self.context.tree, self.job.start)
        if not exclude and output.nulls is None and cut.runtime == "keep":
            self.config = value
            return
        shaped = shape(value, cut)
        self.config = shaped.data
        if cut.runtime == "omit":
            self.needs = [(variable.name, (*self.job.start, *path)) for variable, path in shaped.needs]

    def reads(self, *, sealed: bool) -> Reads:
        return Reads(self.job, self.context, sealed=sealed)

    def text(self, reads: Reads) -> str:
        """The text of the template; raises what `FAULTS` names, and `TokenUsed`."""
        pieces: list[str] = []
        size = 0
        for piece in self.pieces(reads):
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

    def _sealed_only(self) -> Rendered:
        reads = self.reads(sealed=True)
        try:
            text = self.text(reads)
        except TokenUsed:
            text = self._digest()
        except FAULTS as error:
            if not (reads.secret and type(error) is TypeError):  # a token in foreign code
                return self.failed(error)
            text = self._digest()
        return Rendered(text, None, reads.secret, self._all_needs(reads))

    def _sealed_form(self) -> str:
        """The same template with tokens for secrets. The plain text rendered, so a failure now is a token's."""
        try:
            return self.text(self.reads(sealed=True))
        except Fault as fault:
            if fault.rule == "template-bare-secret":
                raise
            return self._digest()
        except (TokenUsed, *FAULTS):
            return self._digest()

    def _digest(self) -> str:
        return digest_form(self.job, self.context, self.config, self.engine, self.templates)

    def _all_needs(self, reads: Reads) -> list[tuple[str, KeyPath]]:
        return [*self.needs, *reads.needs]


class _Public:
    def leaf(self, value: Value, _: KeyPath) -> Any:
        return value
