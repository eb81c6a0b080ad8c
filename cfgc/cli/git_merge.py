"""`cfgc git-merge BASE OURS THEIRS PATH`: the merge driver that `cfgc git-setup` gives to Git."""

from __future__ import annotations

from pathlib import Path

import click

from cfgc.cli.opening import Report
from cfgc.cli.options import Where, global_options
from cfgc.diagnostics import Failed, report


@click.command(hidden=True)
@click.argument("base", type=click.Path(path_type=Path))
@click.argument("ours", type=click.Path(path_type=Path))
@click.argument("theirs", type=click.Path(path_type=Path))
@click.argument("path")
@global_options
def git_merge(where: Where, base: Path, ours: Path, theirs: Path, path: str) -> int:
    """Merge a SOPS file by key into OURS; where that can't be done, leave a conflict there and exit with 1."""
    from cfgc.external.git.text_merge import Sides, conflicted
    from cfgc.model.location import start_of
    from cfgc.pipeline.sops_files import CannotMerge, merge_sops

    findings = Report(where)
    place = where.folder / ours
    try:
        sides = Sides(*((where.folder / name).read_bytes() for name in (base, ours, theirs)))
        try:
            place.write_bytes(merge_sops(sides, path, where.folder))
        except CannotMerge as reason:
            place.write_bytes(conflicted(sides))
            findings.add([report("sops-merge-conflict", at=start_of(path), file=path, reason=reason)])
    except Failed as failed:
        findings.add(failed.diagnostics)
    except OSError as error:
        raise click.UsageError(f"cannot merge `{path}`: {error.strerror}") from None
    findings.to_stderr()
    return findings.code()
