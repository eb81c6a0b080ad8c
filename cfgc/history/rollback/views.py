"""A plan as text and as data. Every value in it is masked by then; what people wrote is escaped here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cfgc.diagnostics import Diagnostic
from cfgc.external.git.commits import Commit
from cfgc.history import views
from cfgc.history.rollback.plan import Plan
from cfgc.history.rollback.request import Request
from cfgc.history.views import json as data_view
from cfgc.history.views.words import counted
from cfgc.model.text import inline

_SUBJECT, _AUTHOR = 72, 40
_WAYS = {
    "restore": "restores the files that {environment} reads",
    "each": "reverts each commit that touches what {environment} reads",
    "override": "writes the old values over in the own layer of {environment}",
    "commit": "takes one commit back",
}
_OUTCOMES = {
    "planned": "nothing was changed: this is a plan",
    "refused": "nothing was changed",
    "nothing": "{environment} already is what it was at {goal}; nothing is committed",
    "branch": "branch {branch} is at {new}",
    "committed": "HEAD is {new}",
}


def plan_text(plan: Plan, outcome: str, branch: str | None, *, color: bool = False) -> str:
    """The plan as lines for people, and what became of it at the end."""
    return "".join(f"{line}\n" for line in _lines(plan, outcome, branch, color=color))


def plan_data(plan: Plan | None, request: Request, outcome: str, found: tuple[Diagnostic, ...]) -> dict[str, Any]:
    """The plan as data; without one, the findings that say why."""
    head = {
        "environment": request.environment,
        "component": request.component or None,
        "how": request.how,
        "revision": request.revision,
        "reason": request.reason,
        "outcome": outcome,
    }
    return {**head, **(_facts(plan) if plan else {}), "diagnostics": data_view.findings(found)}


def _facts(plan: Plan) -> dict[str, Any]:
    known = data_view.as_data(plan.difference)["environments"] if plan.difference else {}
    mine = known.get(plan.request.environment, {"changes": [], "artifacts": []})
    return {
        "from": plan.base,
        "to": plan.goal,
        "commit": None if plan.new == plan.base else plan.new,
        "commits": [_commit(each) for each in plan.commits],
        "files": plan.files,
        "changes": mine["changes"],
        "artifacts": mine["artifacts"],
        "others": {name: known[name] for name in plan.others},
        "proved": plan.proved,
    }


def _commit(commit: Commit) -> dict[str, str]:
    return {
        "commit": commit.id,
        "author": commit.author.name,
        "date": commit.author.date,
        "subject": inline(commit.subject)[:_SUBJECT],
    }


def _lines(plan: Plan, outcome: str, branch: str | None, *, color: bool) -> Iterator[str]:
    request = plan.request
    what = f"{request.environment}{f' ({request.component})' if request.component else ''}"
    named = inline(request.revision)
    goal = plan.goal[:12] if request.how != "commit" else f"what it is without {named}"
    told = "" if request.how == "commit" or plan.goal.startswith(named) else f" ({named})"
    yield f"{what} back to {goal}{told}: {_WAYS[request.how].format(environment=request.environment)}"
    yield from _block("commits", [_line(each) for each in plan.commits])
    yield from _block("files", [inline(path) for path in plan.files])
    yield ""
    if plan.difference is not None:
        yield from views.render("text", plan.difference, views.Shown(color=color)).splitlines()
    else:
        yield "the present state does not compile, so there is nothing to compare with"
    if plan.others:
        yield f"other environments that change: {', '.join(plan.others)}"
    if plan.proved and plan.request.how != "commit":
        yield f"proved: {counted(len(plan.wanted), 'artifact')}, byte for byte as at {plan.goal[:12]}, secrets sealed"
    words = {"environment": request.environment, "goal": plan.goal[:12], "new": plan.new[:12], "branch": branch or ""}
    yield _OUTCOMES[outcome].format_map(words)


def _block(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield f"{title}:"
        yield from (f"  {line}" for line in lines)


def _line(commit: Commit) -> str:
    author = inline(commit.author.name)[:_AUTHOR]
    return f"{commit.id[:12]}  {commit.author.date[:10]}  {author}  {inline(commit.subject)[:_SUBJECT]}"
