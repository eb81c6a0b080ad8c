"""k8s-secret: a Secret of type Opaque with one entry a variable, or with the whole as one YAML file.

Values are Base64 under `data`, not text under `stringData`: `kubectl apply` does not remove what left `stringData`.
"""

from __future__ import annotations

import base64

from cfgc.stages.render.emitters import kubernetes
from cfgc.stages.render.emitters.emitter import Emitter, Plain, Sheet, Traced, Unfit


def _encode(text: str) -> str:
    try:
        return base64.b64encode(text.encode()).decode()
    except UnicodeEncodeError:
        raise Unfit("text-not-unicode") from None


def trace(data: Plain, sheet: Sheet) -> Traced:
    """The document in pieces; raises `Unfit`."""
    return kubernetes.trace("Secret", _encode, data, sheet)


def write(data: Plain, sheet: Sheet) -> str:
    """The document; raises `Unfit`."""
    return "".join([text for text, _ in trace(data, sheet)])


EMITTER = Emitter(
    write=write,
    trace=trace,
    only="secret",
    options=frozenset({"prefix", "name", "namespace", "labels", "data", "suffix"}),
    leaf_lists=True,
    encodes=True,
)
