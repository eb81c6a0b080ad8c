"""What the commits of a rollback say: the revision, the reason, who did it."""

from __future__ import annotations

from cfgc.external.git.commits import Commit
from cfgc.history.rollback.request import Request
from cfgc.model.text import inline, printable

_SUBJECTS = {
    "restore": "Rolls {what} back to {goal}",
    "override": "Overrides {what} with its values of {goal}",
}


def of_rollback(request: Request, goal: str, author: str) -> str:
    """The message of a commit that brings back what `goal` (a full id) holds."""
    what = request.environment + (f" ({request.component})" if request.component else "")
    subject = _SUBJECTS[request.how].format(what=what, goal=goal[:12])
    return _text(subject, [f"To: {goal} ({inline(request.revision)})", *_facts(request, author)])


def of_revert(request: Request, commit: Commit, author: str) -> str:
    """The message of a commit that takes one back, worded as `git revert` does."""
    narrowed = f", in {request.component}" if request.component else ""
    merged = f", reversing changes made to {commit.parents[0]}" if len(commit.parents) > 1 else ""
    said = f"This reverts commit {commit.id}{merged}{narrowed}."
    return _text(f'Revert "{inline(commit.subject)[:200]}"', [said, "", *_facts(request, author)])


def _facts(request: Request, author: str) -> list[str]:
    reason = [f"Reason: {printable(request.reason.strip())}"] if request.reason.strip() else []
    return [*reason, f"Environment: {request.environment}", f"Rolled back by: {inline(author)}"]


def _text(subject: str, lines: list[str]) -> str:
    return "\n".join([subject, "", *lines]) + "\n"
