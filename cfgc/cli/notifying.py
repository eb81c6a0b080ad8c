"""`--notify` and `--notify-on`: telling others how a command ended, which never changes how it ends."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from cfgc.cli.opening import Quoting, Report
from cfgc.cli.options import Where
from cfgc.diagnostics import Diagnostic, Failed, report
from cfgc.pipeline.session import Session

if TYPE_CHECKING:
    from cfgc.external.postman import Letter, Outcome
    from cfgc.model.project import Project

F = TypeVar("F", bound=Callable[..., Any])

MOST = 20
"""so many receivers are told"""
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,15})://", re.IGNORECASE)
_LINKS = ("CI_JOB_URL", "BUILD_URL")
_REASONS = {
    "refused": "it did not take it, or could not be reached",
    "late": "it did not answer in time",
    "broken": "the sender itself failed",
}


class Receiver(NamedTuple):
    """How a receiver is called in messages, which is never its address, and the address; empty where none is set."""

    name: str
    address: str


class Ended(NamedTuple):
    """How a command ended, for those who are told: whether it failed, and a way to word it when somebody listens."""

    failed: bool
    letter: Callable[[], Letter]


def notify_options(command: F) -> F:
    """The options that name receivers; they arrive as `notify` and `notify_on`."""
    for option in (
        click.option(
            "--notify-on", type=click.Choice(["failure", "always"]), help="When to notify (default: failure)."
        ),
        click.option(
            "--notify",
            multiple=True,
            metavar="URL",
            help="Tell a URL of Apprise, or the one in env:NAME, how it ended.",
        ),
    ):
        command = option(command)
    return command


def notify(where: Where, given: Mapping[str, Any], project: Project | None, ended: Ended) -> None:
    """Tell the receivers of the command line and of the project; what went wrong is shown, and changes nothing."""
    settings: Mapping[str, Any] = project.settings.get("notify", {}) if project and not where.staged else {}
    when = given["notify_on"] or settings.get("on", "failure")
    ours, theirs = list(_named(given["notify"])), list(_named(settings.get("to", ())))
    untrusted = _in_request()
    receivers = list(dict.fromkeys(ours if untrusted else (*ours, *theirs)))[:MOST]
    if not (ours or theirs) or (when == "failure" and not ended.failed):
        return
    findings = Report(where)
    findings.add(_tell(receivers, ended))
    findings.add(report("notify-untrusted", receiver=each.name) for each in theirs if untrusted)
    findings.to_stderr()


def project_of(session: Quoting | None) -> Project | None:
    """The project of a session, where there is a usable one; why not has been said."""
    try:
        return session.project if isinstance(session, Session) else None
    except Failed:
        return None


def _in_request() -> bool:
    """Whether a merge request may have written what is read here, `notify` too (THREATS, mode U)."""
    if os.environ.get("GITHUB_EVENT_NAME", "").startswith("pull_request"):
        return True
    return bool(os.environ.get("CI_MERGE_REQUEST_IID")) and os.environ.get("CI_COMMIT_REF_PROTECTED") != "true"


def _named(words: tuple[str, ...]) -> Iterator[Receiver]:
    for number, word in enumerate(words, start=1):
        kind, _, name = word.partition(":")
        if kind == "env" and not name.startswith("//"):
            yield Receiver(name, os.environ.get(name, ""))
        else:
            scheme = _SCHEME.match(word)
            yield Receiver(f"--notify {scheme[1].lower()}://" if scheme else f"--notify number {number}", word)


def _tell(receivers: list[Receiver], ended: Ended) -> Iterator[Diagnostic]:
    from cfgc.external.postman import is_installed, send

    known = [each for each in receivers if each.address]
    yield from (report("notify-variable-missing", receiver=each.name) for each in receivers if not each.address)
    if known and not is_installed():
        yield report("notify-extra-missing")
        return
    if not known:
        return
    from concurrent.futures import ThreadPoolExecutor

    letter = _with_link(ended.letter())
    with ThreadPoolExecutor(len(known)) as pool:
        outcomes = pool.map(lambda each: send(each.address, letter), known)
        for receiver, outcome in zip(known, outcomes, strict=True):
            yield from _said(receiver, outcome)


def _said(receiver: Receiver, outcome: Outcome) -> Iterator[Diagnostic]:
    if outcome == "no-address":
        yield report("notify-no-address", receiver=receiver.name)
    elif outcome != "sent":
        yield report("notify-failed", receiver=receiver.name, reason=_REASONS[outcome])


def _with_link(letter: Letter) -> Letter:
    """In a pipeline, with the page of the job."""
    link = next((os.environ[name] for name in _LINKS if os.environ.get(name, "").startswith("https://")), "")
    return letter._replace(body=f"{letter.body}\n{link}") if link else letter
