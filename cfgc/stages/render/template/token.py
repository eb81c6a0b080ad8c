"""What stands for a secret in a template that is rendered sealed (SPEC section 6).

Printed, a token is its SOPS text. Anything else, such as a filter, a test, a comparison or a loop, would give what the
revealed artifact has not: it raises `TokenUsed`, and the sealed form of that artifact is a digest.
"""

from __future__ import annotations

from typing import Any, NoReturn

from cfgc.model.keypath import KeyPath
from cfgc.stages.render.template.fault import TokenUsed


def _refuse(token: Token, *_: Any, **__: Any) -> NoReturn:
    raise TokenUsed(token.path)


class Token:
    """The secret at a key path, or text with that secret printed in it and captured by a macro, a block or a `set`."""

    __slots__ = ("path", "text")

    def __init__(self, text: str, path: KeyPath) -> None:
        self.text = text
        self.path = path

    __str__ = __repr__ = __format__ = __bool__ = __len__ = __iter__ = __contains__ = _refuse
    __hash__ = __index__ = __int__ = __float__ = __call__ = _refuse
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _refuse
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __neg__ = __pos__ = __abs__ = __round__ = (
        _refuse
    )
    __reduce__ = __reduce_ex__ = __copy__ = __deepcopy__ = _refuse

    def __getitem__(self, _: Any) -> NoReturn:
        raise TokenUsed(self.path)


class Sealed(str):
    """The text of a printed token on its way to the artifact; it stays what it is through `str()`."""

    path: KeyPath

    @classmethod
    def of(cls, token: Token) -> Sealed:
        """The text of a token."""
        text = cls(token.text)
        text.path = token.path
        return text

    def __str__(self) -> str:
        return self
