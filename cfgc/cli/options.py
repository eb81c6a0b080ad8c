"""Options that commands share, and how a command opens its project."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click

from cfgc.pipeline.wanted import Wanted

F = TypeVar("F", bound=Callable[..., Any])

FINDING_FORMATS = ["full", "concise", "json", "gitlab", "sarif", "junit"]


class Where(NamedTuple):
    """What the global options say: the folder, and which content of it to compile."""

    folder: Path
    rev: str | None = None
    staged: bool = False
    quiet: bool = False
    verbose: int = 0


def global_options(command: F) -> F:
    """Let a command take the global options behind its name too; they arrive as one `where`."""

    @click.option("-C", "directory", metavar="DIR", hidden=True)
    @click.option("--rev", hidden=True)
    @click.option("-v", "--verbose", count=True, hidden=True)
    @click.option("-q", "--quiet", is_flag=True, hidden=True)
    @click.option("--profile", is_flag=True, hidden=True)
    @click.pass_context
    def with_where(ctx: click.Context, /, directory: str | None, rev: str | None, **given: Any) -> Any:
        before = ctx.obj
        profile, trace = given.pop("profile") or before["profile"], os.environ.get("CFGC_TRACE")
        if profile or trace:
            from cfgc.cli.profile import listen

            listen(ctx, profile=profile, trace=trace)
        where = Where(
            folder=Path(before["directory"] or ".") / (directory or "."),
            rev=rev or before["rev"],
            staged=given.pop("staged", False),
            quiet=given.pop("quiet") or before["quiet"],
            verbose=given.pop("verbose") + before["verbose"],
        )
        return command(where=where, **given)

    with_where.__name__ = command.__name__
    with_where.__doc__ = command.__doc__
    with_where.__click_params__ = [  # type: ignore[attr-defined]
        *getattr(command, "__click_params__", []),
        *getattr(with_where, "__click_params__", []),
    ]
    return with_where  # type: ignore[return-value]


staged_option = click.option("--staged", is_flag=True, help="Compile what is staged in Git's index.")
no_cache_option = click.option(
    "--no-cache", is_flag=True, help="Remember nothing and use nothing remembered; what is found is the same."
)
reveal_option = click.option("--reveal", is_flag=True, help="Decrypt and show secrets in plain text.")


def on_terminal(stream: Any) -> bool:
    """Whether colours and progress may appear on a stream."""
    return bool(stream.isatty()) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def override_options(command: F) -> F:
    """The options that put values on top of the layers."""
    for option in (
        click.option("--resolve-env", is_flag=True, help="Fill runtime variables in from the environment."),
        click.option(
            "--allow-env-overrides", is_flag=True, help="Let CFGC_SET__key__path=YAML variables override values."
        ),
        click.option("--set", "overrides", multiple=True, metavar="KEY.PATH=YAML", help="Override one value."),
    ):
        command = option(command)
    return command


date_option = click.option("--date", "today", metavar="YYYY-MM-DD", help="What day it is for waivers (default: today).")


def wanted_from(given: dict[str, Any]) -> Wanted:
    """The request that a command's options make; the environment's name comes later."""
    allowed = given.get("allow_env_overrides")
    variables = {name: text for name, text in os.environ.items() if name.startswith("CFGC_SET__")} if allowed else {}
    return Wanted(
        environment="",
        components=tuple(given.get("components", ())),
        overrides=tuple(given.get("overrides", ())),
        override_variables=variables,
        variables=dict(os.environ) if given.get("resolve_env") else None,
        today=parse_date(given.get("today")),
    )


def parse_date(text: str | None) -> date:
    """The day of `--date`, or of the clock."""
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"`--date {text}` is no date; write YYYY-MM-DD") from None
