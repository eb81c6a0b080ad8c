"""Which template line and which key paths every line of a rendered template comes from.

The same engine, with two changes: text between expressions is printed line by line through the same door as
expressions, and everything printed remembers where that was. A captured piece (macro, block, `set`) keeps its pieces.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from jinja2 import nodes, pass_eval_context
from jinja2.runtime import Context as JinjaContext

from cfgc.model.keypath import KeyPath
from cfgc.stages.render.job import Context, Job, LineSource
from cfgc.stages.render.template.bare import Formatted
from cfgc.stages.render.template.engine import Engine
from cfgc.stages.render.template.fault import FOLDER, TokenUsed
from cfgc.stages.render.template.faults import FAULTS
from cfgc.stages.render.template.files import Templates
from cfgc.stages.render.template.renderer import Rendering

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class Piece(str):
    """Printed text with the template, the line and the key paths read since the piece before; `parts` if captured."""

    template: str
    line: int
    paths: tuple[KeyPath, ...]
    parts: tuple[Piece, ...]

    def __str__(self) -> str:
        return self


def explain(job: Job, context: Context, templates: Templates) -> list[LineSource]:
    """The sources of every line; nothing for a template that fails, or whose sealed form is a digest."""
    rendering = Rendering(job, context, templates, _Explainer(templates))
    try:
        rendering.prepare()
        pieces = list(_flat(rendering.pieces(rendering.reads(sealed=context.sealed))))
    except (TokenUsed, *FAULTS):
        return []
    return _lines(pieces)


class _Explainer(Engine):
    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for output in tree.find_all(nodes.Output):
            output.nodes = [part for node in output.nodes for part in self._by_line(node)]
        return tree

    def _by_line(self, node: nodes.Expr) -> list[nodes.Expr]:
        if not isinstance(node, nodes.TemplateData):
            return [node]
        lines = _LINE.findall(node.data)
        return [self._data_node(text, node.lineno + offset) for offset, text in enumerate(lines)]

    def _data_node(self, text: str, line: int) -> nodes.Expr:
        call = nodes.Call(nodes.EnvironmentAttribute("data"), [nodes.Const(text)], [], None, None)
        for node in (call, call.node, *call.args):
            node.lineno = line
            node.environment = self
        return call

    def data(self, text: str) -> Formatted:
        """Text that stands in a template as it is."""
        return Formatted(text)

    def call(self, context: JinjaContext, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        return obj(*args) if obj == self.data else super().call(context, obj, *args, **kwargs)

    @pass_eval_context
    def _finalize(self, _: Any, value: Any) -> str:
        if isinstance(value, Piece):
            return value
        piece = Piece(super()._finalize(_, value))
        frame = sys._getframe(1)  # noqa: SLF001
        template = frame.f_globals["__jinja_template__"]
        piece.template, piece.line = template.name, template.get_corresponding_lineno(frame.f_lineno)
        piece.paths, piece.parts = self._taken(), ()
        return piece

    def _taken(self) -> tuple[KeyPath, ...]:
        trail = self.reads.trail if self.reads is not None else []
        paths = tuple(dict.fromkeys(trail))
        trail.clear()
        return paths

    def concat(self, pieces: Iterable[str]) -> Any:
        whole = Piece("".join(parts := list(pieces)))
        whole.template, whole.line, whole.paths = "", 0, ()
        whole.parts = tuple(_flat(parts))
        return whole


def _flat(pieces: Iterable[str]) -> Iterator[Piece]:
    for piece in pieces:
        if not isinstance(piece, Piece):
            piece = Piece(piece)
            piece.template, piece.line, piece.paths, piece.parts = "", 0, (), ()
        yield from piece.parts or (piece,)


def _lines(pieces: Iterable[Piece]) -> list[LineSource]:
    found: list[LineSource] = []
    now: list[Piece] = []
    for piece in pieces:
        now.append(piece)
        for _ in range(piece.count("\n")):
            found.append(_source(now))
            now = [piece] if not piece.endswith("\n") else []
    if any(now):
        found.append(_source(now))
    return found


def _source(pieces: list[Piece]) -> LineSource:
    first = next((piece for piece in pieces if piece.line and piece.strip()), None) or next(
        (piece for piece in pieces if piece.line), None
    )
    paths = tuple(dict.fromkeys(path for piece in pieces for path in piece.paths))
    return LineSource(f"{FOLDER}/{first.template}" if first else "", first.line if first else 0, paths)
