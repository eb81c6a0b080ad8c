"""What is asked of a rollback."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple, TypeAlias

How: TypeAlias = Literal["restore", "each", "override", "commit"]
"""put the files back; `git revert` each commit; write the old values over; take one commit back"""


class Request(NamedTuple):
    """An environment, the revision to go back to (with `commit`: the one to take back), and the way.

    `component` narrows it. `allow_others` accepts that other environments change too.
    """

    environment: str
    revision: str
    how: How = "restore"
    component: str = ""
    allow_others: bool = False
    reason: str = ""
    today: date | None = None

    @property
    def components(self) -> tuple[str, ...]:
        return (self.component,) if self.component else ()
