"""Git's objects through one `git cat-file --batch`, started when the first is asked for."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import NamedTuple

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.external import process
from cfgc.external.git.repository import Repository, environment, explain, failed
from cfgc.external.source import LARGEST

AHEAD = 256
"""How many objects may be asked for at once: each answer that is waited for costs a change of process, and this many
names still fit into a pipe."""


class GitObject(NamedTuple):
    """An object's id, its type (`commit`, `tree`, `blob`) and its content; none where it is larger than is read."""

    oid: str
    type: str
    content: bytes | None


class Objects:
    """The objects of one repository, by id or by any name that Git understands."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._talk: process.Conversation | None = None
        self._lock = threading.Lock()

    def get(self, names: Sequence[str]) -> list[GitObject | None]:
        """The objects of up to `AHEAD` names, none for an object that is missing.

        What follows an object that is too large, or that only its promisor has, may not be given; nor what follows
        when all of them together are too large. Raises `Failed` when Git fails.
        """
        answers: list[GitObject | None] = []
        with self._lock:
            try:
                self._ask(names, answers)
            except process.ProgramError as error:
                self._talk = None
                if isinstance(error, process.NotFoundError) or not self._is_partial():
                    raise Failed(self._why(error)) from None
                answers.append(None)  # before 2.44 Git ends when it may not fetch an object
        return answers

    def _ask(self, names: Sequence[str], answers: list[GitObject | None]) -> None:
        if self._talk is None:
            self._talk = process.Conversation(self._repository.command("cat-file", "--batch"), env=environment())
        self._talk.send("".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape"))
        room = LARGEST
        for _ in names:
            found = self._answer(self._talk)
            answers.append(found)
            if found is not None:
                room -= LARGEST if found.content is None else len(found.content)
            if room <= 0:
                self._talk.close()  # cheaper than reading on to the next request
                self._talk = None
                return

    def _is_partial(self) -> bool:
        return self._repository.ask("config", "--get-regexp", r"^remote\..*\.promisor$").code == 0

    def _why(self, error: process.ProgramError) -> Diagnostic:
        """The reason why Git gave up: what stops one command stops the next, and that one tells."""
        if not isinstance(error, process.NotFoundError):
            done = self._repository.ask("rev-parse", "--git-dir")
            if done.code:
                return failed("rev-parse", done)
        return explain(error, "cat-file")

    def _answer(self, talk: process.Conversation) -> GitObject | None:
        words = talk.line().decode("utf-8", "surrogateescape").split(" ")
        if len(words) != 3 or not words[2].isdigit():
            return None
        oid, type_, size = words
        if int(size) > LARGEST:
            return GitObject(oid, type_, None)
        return GitObject(oid, type_, talk.take(int(size) + 1)[:-1])
