"""Tokens to a syntax tree: recursive descent, precedence climbing for the binary operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cfgc.stages.check.policy.cel import literals, macros
from cfgc.stages.check.policy.cel.lexer import Token, tokens
from cfgc.stages.check.policy.cel.syntax import (
    And,
    Call,
    CelSyntaxError,
    Conditional,
    Constant,
    Element,
    Index,
    ListLiteral,
    MapLiteral,
    Name,
    Node,
    Or,
    Select,
)
from cfgc.stages.check.policy.cel.values import CelValue

MAX_NESTING: Final = 60
"""brackets in brackets; the language definition asks for 24 at least"""
MAX_LENGTH: Final = 32_768
"""characters of an expression"""

_LEVELS: Final[tuple[tuple[str, ...], ...]] = (
    ("||",),
    ("&&",),
    ("==", "!=", "<", "<=", ">", ">=", "in"),
    ("+", "-"),
    ("*", "/", "%"),
)
_KEYWORDS: Final = {"true": True, "false": False, "null": None}
_RESERVED: Final = frozenset(
    {
        *("as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop"),
        *("package", "namespace", "return", "var", "void", "while"),
    }
)
_WORDS: Final = {"and": "&&", "or": "||", "not": "!", "True": "true", "False": "false", "None": "null"}


def parse(text: str) -> Node:
    """The tree of an expression; raises `CelSyntaxError` at the first mistake."""
    if len(text) > MAX_LENGTH:
        raise CelSyntaxError(f"an expression has at most {MAX_LENGTH} characters", 0)
    parser = _Parser(tokens(text))
    tree = parser.expression()
    if parser.now.kind != "end":
        raise parser.unexpected("an operator or the end")
    return tree


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._next = 0
        self._depth = 0
        self.now = found[0]

    def _advance(self) -> Token:
        token = self.now
        if token.kind != "end":
            self._next += 1
            self.now = self._tokens[self._next]
        return token

    def _take(self, kind: str) -> bool:
        if self.now.kind != kind:
            return False
        self._advance()
        return True

    def _expect(self, kind: str) -> Token:
        if self.now.kind != kind:
            raise self.unexpected(f"`{kind}`" if not kind.isalpha() else f"a {kind}")
        return self._advance()

    def unexpected(self, wanted: str) -> CelSyntaxError:
        token = self.now
        if token.kind == "end":
            return CelSyntaxError(f"expected {wanted}, found the end of the expression", token.at)
        word = _WORDS.get(token.text)
        return CelSyntaxError(f"expected {wanted}, found `{token.text}`", token.at, f"write `{word}`" if word else "")

    def expression(self) -> Node:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise CelSyntaxError("the expression is nested too deeply", self.now.at)
        test = self._binary(0)
        at = self.now.at
        if self._take("?"):
            then = self._binary(0)
            self._expect(":")
            test = Conditional(at, test, then, self.expression())
        self._depth -= 1
        return test

    def _binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        if level < 2:
            return self._logical(level)
        left = self._binary(level + 1)
        while (operator := self._operator(level)) is not None:
            left = Call(operator.at, f"_{operator.text}_", None, (left, self._binary(level + 1)))
        return left

    def _logical(self, level: int) -> Node:
        at = self.now.at
        operands = [self._binary(level + 1)]
        while (operator := self._operator(level)) is not None:
            at = operator.at
            operands.append(self._binary(level + 1))
        if len(operands) == 1:
            return operands[0]
        return Or(at, tuple(operands)) if level == 0 else And(at, tuple(operands))

    def _operator(self, level: int) -> Token | None:
        spelling = self.now.text if self.now.kind in ("name", self.now.text) else ""
        return self._advance() if spelling in _LEVELS[level] else None

    def _unary(self) -> Node:
        signs: list[Token] = []
        sign = self.now.kind
        while sign in ("!", "-") and self.now.kind == sign:
            if sign == "-" and self._tokens[self._next + 1].kind in ("int", "float"):
                break
            signs.append(self._advance())
        operand = self._member()
        for token in reversed(signs):
            operand = Call(token.at, f"{token.text}_", None, (operand,))
        return operand

    def _member(self) -> Node:
        operand = self._primary()
        while True:
            token = self.now
            if self._take("."):
                operand = self._selection(operand)
            elif self._take("["):
                optional = self._take("?")
                operand = Index(token.at, operand, self.expression(), optional)
                self._expect("]")
            elif token.kind == "{" and isinstance(operand, (Name, Select)):
                raise CelSyntaxError("messages cannot be constructed here: a map is `{...}` alone", token.at)
            else:
                return operand

    def _selection(self, operand: Node) -> Node:
        if self._take("?"):
            field = self._field()
            return Select(field.at, operand, _field_name(field), optional=True)
        field = self._field()
        if field.kind == "name" and self.now.kind == "(":
            return macros.expand(Call(field.at, field.text, operand, self._arguments()))
        return Select(field.at, operand, _field_name(field))

    def _field(self) -> Token:
        if self.now.kind not in ("name", "quoted") or self.now.text in _KEYWORDS or self.now.text == "in":
            raise self.unexpected("the name of a field")
        return self._advance()

    def _arguments(self) -> tuple[Node, ...]:
        self._expect("(")
        found: list[Node] = []
        while self.now.kind != ")":
            found.append(self.expression())
            if not self._take(","):
                break
            if self.now.kind == ")":
                raise self.unexpected("an argument")
        self._expect(")")
        return tuple(found)

    def _primary(self) -> Node:
        token = self.now
        if token.kind == "name" or token.kind == ".":
            return self._name()
        literal = _LITERALS.get(token.kind)
        if literal is not None:
            self._advance()
            return Constant(token.at, literal(token))
        if self._take("("):
            inner = self.expression()
            self._expect(")")
            return inner
        if self._take("["):
            return ListLiteral(token.at, self._elements("]"))
        if self._take("{"):
            return MapLiteral(token.at, self._elements("}"))
        if self._take("-"):
            return self._negative(token)
        raise self.unexpected("a value")

    def _negative(self, sign: Token) -> Constant:
        number = self._advance()
        if number.kind == "int":
            return Constant(sign.at, literals.integer(number, negative=True))
        return Constant(sign.at, -float(number.text))

    def _name(self) -> Node:
        rooted = self._take(".")
        token = self.now
        if token.text in _KEYWORDS and not rooted:
            self._advance()
            return Constant(token.at, _KEYWORDS[token.text])
        if token.kind != "name" or token.text in _KEYWORDS or token.text == "in":
            raise self.unexpected("a value")
        if token.text in _RESERVED:
            raise CelSyntaxError(f"`{token.text}` is a reserved word", token.at)
        self._advance()
        if self.now.kind == "(":
            return macros.expand(Call(token.at, token.text, None, self._arguments()))
        return Name(token.at, token.text, rooted)

    def _elements(self, end: str) -> tuple[Element, ...]:
        found: list[Element] = []
        while self.now.kind != end:
            if not found and self._take(","):
                break
            optional = self._take("?")
            value = self.expression()
            if end == "}":
                self._expect(":")
                found.append(Element(self.expression(), value, optional))
            else:
                found.append(Element(value, None, optional))
            if not self._take(","):
                break
        self._expect(end)
        return tuple(found)


_LITERALS: Final[dict[str, Callable[[Token], CelValue]]] = {
    "int": literals.integer,
    "uint": literals.unsigned,
    "float": lambda token: float(token.text),
    "string": literals.string,
    "bytes": literals.octets,
}


def _field_name(token: Token) -> str:
    return token.text[1:-1] if token.kind == "quoted" else token.text
