"""k8s-configmap: a ConfigMap with one entry a variable, or with the whole as one YAML file. It holds no secret."""

from __future__ import annotations

from cfgc.stages.render.emitters import kubernetes
from cfgc.stages.render.emitters.emitter import Emitter, Plain, Sheet, Traced


def trace(data: Plain, sheet: Sheet) -> Traced:
    """The document in pieces; raises `Unfit`."""
    return kubernetes.trace("ConfigMap", str, data, sheet)


def write(data: Plain, sheet: Sheet) -> str:
    """The document; raises `Unfit`."""
    return "".join([text for text, _ in trace(data, sheet)])


EMITTER = Emitter(
    write=write,
    trace=trace,
    only="plain",
    options=frozenset({"prefix", "name", "namespace", "labels", "data", "suffix"}),
    leaf_lists=True,
    secrets=False,
)
