"""Pieces of a text -> one value: a string, a secret, or an unknown (SPEC section 5).

A secret operand makes a secret result; a runtime variable makes an unknown, which may hold secrets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from cfgc.model.reveal import plain_value
from cfgc.model.values import Secret, Unknown, Value, Variable, kind_of
from cfgc.stages.resolve.budget import MAX_TEXT, BudgetError

Piece: TypeAlias = "str | Variable | Secret"


class NotTextError(Exception):
    """A value that cannot stand inside text; the text says what it is."""


def text_of(value: Value) -> str:
    """A scalar as it is written inside text; raises `NotTextError`."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, (dict, list)):
        raise NotTextError("null" if value is None else f"a {kind_of(value)}")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    try:
        return str(value)
    except ValueError:  # Python refuses to write integers of thousands of digits
        raise NotTextError("an integer of too many digits") from None


def _number(value: float) -> str:
    text = repr(value)
    return {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}.get(text, text)


def pieces_of(value: Value) -> Iterator[Piece]:
    """The pieces that a value adds to the text around it; raises `NotTextError`."""
    if isinstance(value, Unknown):
        yield from value.parts
    elif isinstance(value, Secret):
        yield _secret_text(value)
    else:
        yield text_of(value)


def join(pieces: Sequence[Piece]) -> Value:
    """One value of all pieces in order; raises `BudgetError`."""
    if sum(_width(piece) for piece in pieces) > MAX_TEXT:
        raise BudgetError(f"the text is longer than {MAX_TEXT >> 20} MiB")
    if any(isinstance(piece, Variable) for piece in pieces):
        return Unknown(tuple(_joined(pieces)))
    if any(isinstance(piece, Secret) for piece in pieces):
        return _secret(pieces)
    return "".join(piece for piece in pieces if isinstance(piece, str))


def _width(piece: Piece) -> int:
    if isinstance(piece, str):
        return len(piece)
    return len(piece.token) if isinstance(piece, Secret) else len(piece.text)


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces, neighbouring texts made one."""
    text = ""
    for piece in pieces:
        if isinstance(piece, str):
            text += piece
            continue
        if text:
            yield text
        text = ""
        yield piece
    if text:
        yield text


def _secret_text(secret: Secret) -> Secret:
    """A secret of any kind as the string that it is inside text."""
    if secret.kind == "string":
        return secret
    plain = text_of(plain_value(secret)) if secret.revealed else None
    return Secret(secret.token, "string", plain, secret.origins)


def _secret(pieces: Sequence[Piece]) -> Secret:
    token = "".join(piece.token if isinstance(piece, Secret) else str(piece) for piece in pieces)
    secrets = [piece for piece in pieces if isinstance(piece, Secret)]
    origins = tuple(dict.fromkeys(origin for secret in secrets for origin in secret.origins))
    if not all(secret.revealed for secret in secrets):
        return Secret(token, "string", None, origins)
    plain = "".join(plain_value(piece) if isinstance(piece, Secret) else str(piece) for piece in pieces)
    return Secret(token, "string", plain, origins)
