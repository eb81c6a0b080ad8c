"""`cfgc git-setup`: Git shows and merges SOPS files by key in this clone."""

from __future__ import annotations

import shlex
import sys

import click

from cfgc.cli.opening import Report
from cfgc.cli.options import Where, global_options
from cfgc.diagnostics import Failed

_DRIVER = "cfgc-sops"
_SECTIONS = (f"diff.{_DRIVER}", f"merge.{_DRIVER}")
_ATTRIBUTES = [f"*.sops.{ending} diff={_DRIVER} merge={_DRIVER}" for ending in ("yaml", "json", "env")]


@click.command(epilog="Example: cfgc git-setup && git diff")
@click.option("--remove", is_flag=True, help="Take it back.")
@global_options
def git_setup(where: Where, remove: bool) -> int:
    """Let plain `git diff` show which keys of SOPS files changed, and `git merge` merge them by key.

    Writes to this clone's own `.git/config` and `.git/info/attributes`, to nothing that is committed. No key is needed.
    """
    from cfgc.external.git.drivers import configure, forget, set_attributes
    from cfgc.external.git.repository import locate

    findings = Report(where)
    try:
        repository = locate(where.folder)
        if remove:
            forget(repository, _SECTIONS)
        else:
            configure(repository, _settings())
        set_attributes(repository, _ATTRIBUTES, present=not remove)
    except Failed as failed:
        findings.add(failed.diagnostics)
    findings.to_stderr()
    if not findings.found and not where.quiet:
        said = "SOPS files as any other" if remove else "SOPS files by key"
        click.echo(f"`git diff` and `git merge` take {said} in this clone", err=True)
    return findings.code()


def _settings() -> dict[str, str]:
    # this very Python, wherever Git is started from; -P: the folder it is started in holds no modules of ours
    program = f"{shlex.quote(sys.executable)} -P -m cfgc"
    return {
        f"diff.{_DRIVER}.textconv": f"{program} git-textconv",
        f"merge.{_DRIVER}.name": "SOPS files by key",
        f"merge.{_DRIVER}.driver": f"{program} git-merge %O %A %B %P",
    }
