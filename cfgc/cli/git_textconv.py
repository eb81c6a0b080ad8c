"""`cfgc git-textconv FILE`: what `cfgc git-setup` lets `git diff` compare in place of a SOPS file."""

from __future__ import annotations

from pathlib import Path

import click

from cfgc.cli.options import Where, global_options


@click.command(hidden=True)
@click.argument("file", type=click.Path(path_type=Path))
@global_options
def git_textconv(where: Where, file: Path) -> int:
    """Print the keys of a SOPS file, secrets as a mask and a mark that changes with the ciphertext. Needs no key."""
    from cfgc.pipeline.sops_files import outlined

    try:
        raw = (where.folder / file).read_bytes()
    except OSError as error:
        raise click.UsageError(f"cannot read `{file}`: {error.strerror}") from None
    click.echo(outlined(raw, file.name), nl=False)
    return 0
