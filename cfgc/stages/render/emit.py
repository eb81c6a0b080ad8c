"""One output of one component through an emitter: options decided, data cut, secrets replaced, text written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.artifact import Artifact, Required
from cfgc.model.keypath import KeyPath, show
from cfgc.model.project import Output
from cfgc.model.values import MASK, Value
from cfgc.stages.render.emitters import Emitter, Sheet, Unfit, emitter, leaves
from cfgc.stages.render.emitters.variables import name_of
from cfgc.stages.render.job import Context, Job, lookup
from cfgc.stages.render.options import cut_of, sheet_of, unused
from cfgc.stages.render.plain import Cut, Holds, Shape, plain, shape, survey

CIPHERTEXT = "ENC[AES256_GCM"
"""How every encrypted value of SOPS begins."""

Result: TypeAlias = "tuple[Artifact | None, list[Diagnostic]]"

_SUFFIX = 10


class Emission(NamedTuple):
    """An output whose data is ready to be written, revealed and sealed; the same object when nothing is secret."""

    job: Job
    emitter: Emitter
    sheet: Sheet
    shaped: Shape
    revealed: Value
    sealed: Value
    secrets: bool = False
    """whether the data of the component holds any, before anything was left out"""

    @property
    def secret(self) -> bool:
        return self.revealed is not self.sealed


def emit(job: Job, context: Context, path: str, held: Holds | None = None) -> tuple[Artifact | None, list[Diagnostic]]:
    """The artifact of a job with a format; `held` is what its data holds, if that is known already."""
    emission, found = prepare(job, context, held)
    if emission is None:
        return None, found
    try:
        return _artifact(emission, context, path), found
    except Unfit as unfit:
        return None, [*found, *_blame(emission, unfit)]
    except _Masked as masked:
        return None, [*found, masked_report(job, masked.path)]


def prepare(job: Job, context: Context, held: Holds | None = None) -> tuple[Emission | None, list[Diagnostic]]:
    """The data and the options of a job."""
    kind = emitter(job.output.format or "")
    found = unused(job, kind.options, job.output.format or "")
    try:
        value = lookup(context.tree, job.start)
    except LookupError:
        return None, [*found, missing_start(job)]
    cut = cut_of(job, value, kind)
    holds = held or survey(value)
    shaped = shape(value, cut) if _special(cut, holds) else Shape(value)
    found += _refusals(job, kind, shaped, holds)
    sheet = sheet_of(job, value, context.annotations)
    if any(one.is_error for one in found):
        return None, [*found, *_further(job, kind, sheet, value, cut)]
    sealed, revealed = _both(shaped.data, holds, context, expands=kind.expands)
    return Emission(job, kind, sheet, shaped, revealed, sealed, holds.secret), found


def missing_start(job: Job) -> Diagnostic:
    """The finding for a `from` that leads nowhere."""
    return report(
        "output-from-missing", at=job.output.location, component=job.name, where=show(job.output.start), owner=job.name
    )


def _special(cut: Cut, holds: Holds) -> bool:
    """Whether anything could be left out or refused; if not, the data is taken as it is."""
    return bool(
        cut.exclude
        or holds.unknown
        or cut.only == "secret"
        or (holds.secret and cut.only == "plain")
        or (holds.null and cut.nulls is not None)
    )


def _refusals(job: Job, kind: Emitter, shaped: Shape, holds: Holds) -> list[Diagnostic]:
    found = [
        report(rule, path=(*job.start, *path), component=job.name, where=show((*job.start, *path)))
        for rule, path in shaped.refused
    ]
    if not kind.secrets and holds.secret and survey(shaped.data).secret:
        first = next(path for path, value in leaves(shaped.data, leaf_lists=False) if survey(value).secret)
        where = (*job.start, *first)
        found.append(
            report("secret-refused", path=where, component=job.name, where=show(where), format=job.output.format)
        )
    return found


def _further(job: Job, kind: Emitter, sheet: Sheet, value: Value, cut: Cut) -> list[Diagnostic]:
    """What else is wrong with an output that is refused already: names, and values that the format cannot hold."""
    nulls = "empty" if cut.nulls == "refuse" else cut.nulls
    runtime = "omit" if cut.runtime == "refuse" else cut.runtime
    data = plain(shape(value, cut._replace(nulls=nulls, runtime=runtime)).data, sealed=True, expands=kind.expands)
    emission = Emission(job, kind, sheet, Shape(data), data, data)
    try:
        _text(emission, data)
    except Unfit as unfit:
        return _blame(emission, unfit)
    return []


def _both(data: Value, holds: Holds, context: Context, *, expands: bool) -> tuple[Value, Value]:
    if not holds.secret and not holds.unknown:
        return data, data
    sealed = plain(data, sealed=True, expands=expands)
    if context.sealed or not survey(data).secret:
        return sealed, sealed
    return sealed, plain(data, sealed=False, expands=expands)


def _artifact(emission: Emission, context: Context, path: str) -> Artifact:
    job, data = emission.job, emission.revealed
    emission = _with_suffix(emission)
    content = sealed = _text(emission, data)
    if emission.secret:
        sealed = _text(emission, emission.sealed)
    secret = emission.secret or (context.sealed and emission.secrets and survey(emission.shaped.data).secret)
    _check_masks(emission, content, tokens=context.sealed and secret)
    needs = _requires(emission) if emission.shaped.needs else ()
    return Artifact(path, job.name, content, sealed, secret, needs, job.output.location)


def _with_suffix(emission: Emission) -> Emission:
    """`suffix: digest` names a ConfigMap or Secret by the digest of its sealed form: never by a hash of a secret."""
    if emission.job.output.suffix is None:
        return emission
    digest = hashlib.sha256(_text(emission, emission.sealed)).hexdigest()[:_SUFFIX]
    return emission._replace(sheet=emission.sheet._replace(name=f"{emission.sheet.name}-{digest}"))


def _text(emission: Emission, data: Value) -> bytes:
    return _encoded(emission.emitter.write(data, emission.sheet))


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise Unfit("text-not-unicode") from None


def _requires(emission: Emission) -> tuple[Required, ...]:
    start = emission.job.start
    return tuple(
        Required(variable.name, show((*start, *path)), _output_name(emission, path))
        for variable, path in emission.shaped.needs
    )


def _output_name(emission: Emission, path: KeyPath) -> str:
    """The variable that a key path is in an environment format, else the key path inside the file."""
    if not emission.emitter.leaf_lists or emission.sheet.data == "file":
        return show(path)
    keys = next((at for at, step in enumerate(path) if not isinstance(step, str)), len(path))
    return name_of(path[:keys], emission.sheet)


class _Masked(Exception):
    """A revealed artifact holds the mask or ciphertext."""

    def __init__(self, path: KeyPath) -> None:
        super().__init__("masked")
        self.path = path


def _check_masks(emission: Emission, content: bytes, *, tokens: bool) -> None:
    """`tokens` says that ciphertext belongs there: then, as where text is encoded, only the data is searched."""
    found = not tokens and (MASK.encode() in content or CIPHERTEXT.encode() in content)
    searched = found or tokens or emission.secret or emission.emitter.encodes
    path = _first_masked(emission) if searched else None
    if found or path is not None:
        raise _Masked(path or emission.job.start)


def _first_masked(emission: Emission) -> KeyPath | None:
    for data in (emission.shaped.data, emission.revealed) if emission.secret else (emission.shaped.data,):
        for path, value in leaves(data, leaf_lists=False):
            if any(type(text) is str and masked(text) for text in (value, *path)):
                return (*emission.job.start, *path)
    return None


def masked(text: str) -> bool:
    """Whether a text holds what must never reach a consumer (THREATS L15)."""
    return MASK in text or CIPHERTEXT in text


def masked_report(job: Job, path: KeyPath | None) -> Diagnostic:
    """The finding for it: the artifact and the key path, never the value."""
    return report(
        "artifact-masked", path=path, at=None if path else job.output.location, component=job.name, file=job.output.to
    )


def _blame(emission: Emission, unfit: Unfit) -> list[Diagnostic]:
    """Every value that the format cannot hold, found by writing each alone; then what is wrong with the rest."""
    data = emission.revealed
    bad = list(_unfit_leaves(emission, data)) if unfit.path != () else []
    if not bad:
        return [_report(emission, one.path or (), one) for one in (unfit, *unfit.others)]
    rest = shape(data, Cut(exclude=frozenset(path for path, _ in bad))).data
    try:
        _text(emission, rest)
    except Unfit as other:
        bad += [(one.path, one) for one in (other, *other.others) if one.path is not None]
    return [_report(emission, path, one) for path, one in bad]


def _unfit_leaves(emission: Emission, data: Value) -> Iterator[tuple[KeyPath, Unfit]]:
    for path, value in leaves(data, leaf_lists=emission.emitter.leaf_lists):
        try:
            _text(emission, _alone(path, value))
        except Unfit as unfit:
            yield path, unfit


def _alone(path: KeyPath, value: Any) -> Value:
    for step in reversed(path):
        value = {step: value} if isinstance(step, str) else [value]
    return value


def _report(emission: Emission, path: KeyPath, unfit: Unfit) -> Diagnostic:
    job = emission.job
    found = unfit_report(unfit, job.output.format or "", (*job.start, *path)).but(component=job.name)
    return found.but(path=None, location=job.output.location) if not path and job.output.location else found


def unfit_report(unfit: Unfit, format: str, path: KeyPath) -> Diagnostic:
    """The finding for what a format cannot hold at a key path."""
    facts: dict[str, Any] = {"format": format, "where": show(path), **unfit.facts}
    return report(unfit.rule, path=path, **facts)


def write_plain(format: str, data: Value, start: KeyPath = ()) -> tuple[str | None, list[Diagnostic]]:
    """Plain data, which stands at `start` in the tree, in a format; or the findings for what that cannot hold."""
    kind, sheet = emitter(format), Sheet()
    try:
        return kind.write(data, sheet), []
    except Unfit as unfit:
        emission = Emission(Job(start, Output("", "", format=format)), kind, sheet, Shape(data), data, data)
        return None, _blame(emission, unfit)
