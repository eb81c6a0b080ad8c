"""The Jinja environment of cfgc: a sandbox of allowlists (THREATS J01 to J07, J11).

Only keys of data, a few methods of text, and what `loop`, macros, blocks and imports need can be reached; only macros,
blocks, `range`, `dict` and those methods can be called. Nothing is evaluated while a template is compiled, so that
every value passes the same doors. `trim_blocks` and `lstrip_blocks`: a statement on a line of its own leaves no line.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import StrictUndefined, UndefinedError, nodes, pass_eval_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError, TemplateNotFound
from jinja2.loaders import BaseLoader
from jinja2.runtime import BlockReference, Context, LoopContext, Macro, TemplateReference
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing as not_given

from cfgc.stages.render.template.bare import Formatted, Grammar
from cfgc.stages.render.template.bounds import OPERATIONS, bounded, numbers
from cfgc.stages.render.template.fault import Fault, named
from cfgc.stages.render.template.files import Templates
from cfgc.stages.render.template.filters import expanded, filters, refuse_tokens, tests
from cfgc.stages.render.template.reads import Reads
from cfgc.stages.render.template.runtime import EXPANDING, Expanding, Runtime, concatenated, fitted, words_of
from cfgc.stages.render.template.text import text_of
from cfgc.stages.render.template.token import Sealed, Token
from cfgc.stages.render.template.views import ListView, MapView

_TEXT_METHODS = frozenset(
    {
        "capitalize", "endswith", "isdigit", "join", "lower", "lstrip", "partition", "removeprefix", "removesuffix",
        "replace", "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "title", "upper",
    }
)  # fmt: skip
_LOOP_NAMES = frozenset(
    {
        "index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "depth0",
        "previtem", "nextitem", "cycle", "changed",
    }
)  # fmt: skip
_MACHINERY = (
    "<function",
    "<built-in",
    "<bound method",
    "<class '",
    " object at 0x",
    "dict_keys(",
    "<Macro",
    "Undefined",
)


class UndefinedName(UndefinedError):
    """Something that is not there was used; `missing` says what."""

    def __init__(self, missing: Missing) -> None:
        super().__init__("undefined")
        self.missing = missing


class Missing(StrictUndefined):
    """What is not there: it may be asked whether it is defined, and nothing else, not even inside a list."""

    def __init__(
        self, hint: str | None = None, obj: Any = not_given, name: Any = None, exc: Any = UndefinedError
    ) -> None:
        super().__init__(hint, obj, name, exc)
        if exc is UndefinedError:
            self._undefined_exception = lambda _: UndefinedName(self)  # type: ignore[assignment]

    __repr__ = StrictUndefined.__str__

    @property
    def key_path(self) -> Any:
        """Where it would stand in the tree, if it was looked for there."""
        owner, name = self._undefined_obj, self._undefined_name
        return (*owner.key_path, name) if isinstance(owner, MapView) and isinstance(name, str) else None


class _Generator(CodeGenerator):
    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802
        """`~` writes its operands as `text_of` does."""
        self.write("environment.join((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class _Loader(BaseLoader):
    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def get_source(self, _: Any, template: str) -> tuple[str, str | None, Callable[[], bool]]:
        try:
            return self._templates.text(template), None, lambda: True
        except Fault as fault:
            if fault.rule == "template-missing":  # as Jinja says it, for `ignore missing` and lists of names
                raise TemplateNotFound(template) from None
            raise


class Engine(ImmutableSandboxedEnvironment):
    """One environment a run; `begin` says whose rendering comes next."""

    code_generator_class = _Generator
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, templates: Templates) -> None:
        super().__init__(
            loader=_Loader(templates),
            undefined=Missing,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            optimized=False,
            cache_size=-1,
            auto_reload=False,
            finalize=self._finalize,
        )
        for table, ours in (
            (self.globals, {"range": numbers, "dict": dictionary}),
            (self.filters, filters()),
            (self.tests, tests()),
        ):
            table.clear()
            table.update(ours)
        self.reads: Reads | None = None
        self._grammar: Grammar | None = None

    def begin(self, reads: Reads, grammar: Grammar | None) -> None:
        """What is read from now on is recorded in `reads`; `grammar` is that of the file that is rendered."""
        self.reads = reads
        self._grammar = grammar
        for template in (self.cache or {}).values():
            template._module = None  # noqa: SLF001  what an import printed belongs to the rendering before

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _check(tree, name)
        return tree

    @pass_eval_context
    def _finalize(self, _: Any, value: Any) -> str:
        kind = type(value)
        if kind is Formatted or kind is Sealed or kind is Expanding:
            return str(value)
        if kind is Token:
            return self._print_token(value)
        if kind is Runtime:
            return self._print_runtime(value)
        text = text_of(value)
        if kind is str:
            self._check_text(value)
        return text

    def _print_token(self, token: Token) -> Sealed:
        if self._grammar is not None:
            raise Fault("template-bare-secret", token.path, filter=self._grammar[0])
        if self.reads is not None:
            self.reads.print_secret(token.path)
        return Sealed.of(token)

    def _print_runtime(self, value: Runtime) -> str:
        if self._grammar is None:
            return Formatted(value)
        name, held = self._grammar
        if name in EXPANDING:
            return expanded(name, value)
        if not held.fullmatch(words_of(value)):
            raise Fault("template-bare-value", value.path, what=named(value.path), filter=name)
        return Formatted(value)

    def _check_text(self, text: str) -> None:
        path = self.reads.path_of(text) if self.reads is not None else None
        machinery = None if path else next((mark for mark in _MACHINERY if mark in text), None)
        if machinery is not None:
            raise Fault("template-machinery", text=machinery)
        if self._grammar is not None and not self._grammar[1].fullmatch(text):
            raise Fault("template-bare-value", path, what=named(path), filter=self._grammar[0])

    def concat(self, pieces: Iterable[str]) -> Any:
        """What a macro, a block or a `set` captures: printed already, or a token if a secret was printed in it."""
        parts: list[str] = []
        for part in pieces:
            parts.append(fitted(self.piece(part), parts))
        text = "".join(parts)
        secret = next((part for part in parts if type(part) is Sealed), None)
        return Formatted(text) if secret is None else Token(text, secret.path)

    def piece(self, piece: Any) -> str:
        """A piece of output; what a `call` block gives has not been printed yet."""
        return self._print_token(piece) if type(piece) is Token else piece

    def join(self, parts: tuple[Any, ...]) -> str:
        """The operator `~`."""
        return bounded(concatenated([text_of(part) for part in parts]))

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is Token:
            refuse_tokens((obj,), {})
        if isinstance(obj, (MapView, dict)):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, (ListView, list, tuple, Missing)) or obj is None:
            return self._no_attribute(obj, attribute)
        if _reachable(obj, attribute):
            return getattr(obj, attribute)
        if isinstance(obj, TemplateReference):
            return obj[attribute]
        raise SecurityError(attribute)

    def _no_attribute(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Missing):
            str(obj)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        refuse_tokens((obj, argument), {})
        if isinstance(obj, (MapView, ListView, dict, list, tuple, str, range)):
            try:
                return obj[argument]
            except (LookupError, TypeError):
                return self.undefined(obj=obj, name=argument)
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        return self.undefined(obj=obj, name=argument)

    def call(self, _: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        kwargs.pop("_loop_vars", None)  # for functions that take the context, of which there is none
        kwargs.pop("_block_vars", None)
        if isinstance(obj, (Macro, BlockReference, LoopContext)) or obj is dictionary:
            return obj(*args, **kwargs)
        if isinstance(obj, Missing):
            str(obj)
        if not _callable(obj):
            raise SecurityError(type(obj).__name__)
        refuse_tokens(args, kwargs)
        for missing in (value for value in (*args, *kwargs.values()) if isinstance(value, Missing)):
            str(missing)
        result = obj(*args, **kwargs)
        return bounded(result) if isinstance(result, str) else result

    def call_binop(self, _: Context, operator: str, left: Any, right: Any) -> Any:
        refuse_tokens((left, right), {})
        return OPERATIONS[operator](left, right)


def _check(tree: nodes.Template, name: str | None) -> None:
    """Template names are literals: what a template is made of is known without running it. Text is never escaped."""
    for node in tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
        target = node.template  # type: ignore[attr-defined]
        names = target.items if isinstance(target, (nodes.List, nodes.Tuple)) else [target]
        if not all(isinstance(one, nodes.Const) and isinstance(one.value, str) for one in names):
            raise _at(node, name, "template-name-computed")
    for node in tree.find_all((nodes.ScopedEvalContextModifier, nodes.EvalContextModifier)):
        raise _at(node, name, "template-autoescape")


def _at(node: nodes.Node, name: str | None, rule: str) -> Fault:
    fault = Fault(rule)
    fault.place = (name or "", node.lineno)
    return fault


def _reachable(obj: Any, attribute: str) -> bool:
    if isinstance(obj, str):
        return attribute in _TEXT_METHODS
    if isinstance(obj, LoopContext):
        return attribute in _LOOP_NAMES
    if isinstance(obj, BlockReference):
        return attribute == "super"
    return isinstance(obj, TemplateModule) and not attribute.startswith("_") and hasattr(obj, attribute)


def _callable(obj: Any) -> bool:
    if obj is numbers:
        return True
    if isinstance(obj, types.BuiltinMethodType):
        return isinstance(obj.__self__, str) and obj.__name__ in _TEXT_METHODS
    return isinstance(obj, types.MethodType) and isinstance(obj.__self__, LoopContext) and obj.__name__ in _LOOP_NAMES


def dictionary(**items: Any) -> dict[str, Any]:
    """`dict`: a map of named values."""
    return items
