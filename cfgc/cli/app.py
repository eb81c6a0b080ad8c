"""The program: finds the command, runs it, turns what happens into an exit code. Nothing else in cfgc exits."""

from __future__ import annotations

import errno
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from io import StringIO
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

import click

from cfgc import __version__
from cfgc.cli.commands import COMMANDS, DRIVERS
from cfgc.model.text import printable

if TYPE_CHECKING:
    from cfgc.cli.again import Before, Here

BEFORE = "cfgc.before"
"""The name under which a command finds in click's context what is remembered of it, or where."""

_OUTPUT_FAILS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})
"""what the system says of a standard output that takes no more; such an error names no file"""

FAILED, USAGE, BUG, INTERRUPTED, CLOSED_PIPE, TERMINATED = 1, 2, 3, 130, 141, 143


class Program(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS and cmd_name not in DRIVERS:
            return None
        name = cmd_name.replace("-", "_")
        command: click.Command = getattr(import_module(f"cfgc.cli.{name}"), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from cfgc.model.text import closest

        if args and args[0] not in (*COMMANDS, *DRIVERS) and not args[0].startswith("-"):
            meant = closest(args[0], list(COMMANDS))
            hint = f" Did you mean `{meant}`?" if meant else " `cfgc --help` lists the commands."
            ctx.fail(f"there is no command `{args[0]}`.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: cfgc render prod",
)
@click.version_option(__version__, "--version", message="cfgc %(version)s")
@click.option("-C", "directory", metavar="DIR", help="Run as if started in DIR.")
@click.option("--rev", metavar="REV", help="Compile a Git revision instead of the working tree.")
@click.option("-v", "--verbose", count=True, help="Say more on standard error.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing on standard error but errors.")
@click.option("--profile", is_flag=True, help="Tell on standard error where the time went.")
@click.pass_context
def program(ctx: click.Context, /, **given: Any) -> None:
    """Compile configuration that lives in Git: merge layers, decrypt, check, render, explain."""
    ctx.obj = given


def run(arguments: list[str], before: Before | Here | None = None) -> int:
    """Run one command line and return its exit code; `before` is what is remembered of it."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        code = _invoke(arguments, before)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except (click.exceptions.Exit, click.ClickException, click.Abort, SystemExit, KeyboardInterrupt) as left:
        return _left(left)
    except BaseException as error:
        return _failed(error)


def _left(way: BaseException) -> int:
    """The exit code of a command that ended itself, or that somebody ended."""
    if isinstance(way, click.exceptions.Exit):
        return way.exit_code
    if isinstance(way, click.ClickException):
        said = StringIO()
        way.show(said)
        _say(printable(said.getvalue()))  # it may quote an argument
        return USAGE
    if isinstance(way, SystemExit):
        return way.code if isinstance(way.code, int) else BUG
    return INTERRUPTED


def _failed(error: BaseException) -> int:
    """The exit code of a command that could not go on, having said why."""
    if isinstance(error, BrokenPipeError):
        _silence_stdout()
        return CLOSED_PIPE
    if isinstance(error, MemoryError):
        _say("cfgc: error: there is not enough memory for this project; nothing was written\n")
        return FAILED
    if isinstance(error, OSError) and error.filename is None and error.errno in _OUTPUT_FAILS:
        _silence_stdout()
        _say(f"cfgc: error: the output cannot be written: {error.strerror}\n")
        return FAILED
    _report_bug(error)
    return BUG


def _invoke(arguments: list[str], before: Before | Here | None) -> object:
    """Run the command; only completion goes through click's `main`, which would make a closed pipe exit code 1."""
    if "_CFGC_COMPLETE" in os.environ:
        return program.main(arguments, prog_name="cfgc", standalone_mode=False)
    with program.make_context("cfgc", arguments) as context:
        context.meta[BEFORE] = before
        return program.invoke(context)


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(TERMINATED)


def _silence_stdout() -> None:
    """Keep the interpreter from complaining about the closed pipe when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _report_bug(error: BaseException) -> None:
    """Types and places only: a message or a local variable could hold a secret (THREATS L02)."""
    lines = [f"cfgc: a bug in cfgc: {type(error).__name__}"]
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if "cfgc" in code.co_filename:
            lines.append(f"  at {code.co_filename.rpartition('/cfgc/')[2]}:{trace.tb_lineno} in {code.co_name}")
        trace = trace.tb_next
    lines.append("please report it with these lines; they hold no value of your configuration")
    _say("\n".join(lines) + "\n")


def _say(text: str) -> None:
    """The last words, if anybody can hear them."""
    with suppress(OSError):
        sys.stderr.write(text)
