"""Histories for tests, made by real Git: each commit is what it changes of its first parent."""

from __future__ import annotations

import subprocess
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path

EPOCH = 1_767_000_000


class Timeline:
    """A repository whose commits are made one after the other, a minute apart, without a checkout."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.made: list[str] = []
        self._git("init", "-q", "-b", "main")

    def commit(
        self,
        files: Mapping[str, str | None],
        *,
        parents: tuple[str, ...] | None = None,
        author: str = "Ann Example <ann@example.org>",
        message: str = "x",
        branch: str = "main",
    ) -> str:
        """A commit with these files in place of its first parent's (none: removed), on top of the last one."""
        before = parents if parents is not None else tuple(self.made[-1:])
        when = f"{EPOCH + 60 * len(self.made)} +0000"
        lines = [f"commit refs/heads/{branch}", "mark :1", f"author {author} {when}"]
        lines += [f"committer Cora <cora@example.org> {when}", _data(message)]
        lines += [f"{word} {parent}" for word, parent in zip(("from", *["merge"] * 9), before, strict=False)]
        lines += [
            f"D {path}" if text is None else f"M 100644 inline {path}\n{_data(text)}" for path, text in files.items()
        ]
        # a branch that stands elsewhere than the first parent may be moved
        oid = self._git(
            "fast-import", "--quiet", "--force", given="\n".join([*lines, "", "get-mark :1", "done", ""])
        ).strip()
        self.made.append(oid)
        return oid

    def checkout(self) -> None:
        """Puts the files of `main` into the working tree."""
        self._git("reset", "-q", "--hard", "main")

    def _git(self, *words: str, given: str = "") -> str:
        done = subprocess.run(["git", *words], cwd=self.root, input=given.encode(), capture_output=True, check=True)
        return done.stdout.decode()


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}"


def sealed(**values: str) -> str:
    """A SOPS file whose values are tokens that nobody can decrypt; equal words are equal tokens."""
    tokens = [f"{key}: ENC[AES256_GCM,data:{_base64(word)},iv:aXY=,tag:dGFn,type:str]" for key, word in values.items()]
    block = ["sops:", "  mac: ENC[AES256_GCM,data:bWFj,iv:aXY=,tag:dGFn,type:str]", "  version: 3.9.0"]
    block += ["  lastmodified: '2026-01-02T03:04:05Z'", "  age:", f"    - {{recipient: {_RECIPIENT}, enc: x}}"]
    return "\n".join([*tokens, *block, ""])


def _base64(word: str) -> str:
    return b64encode(word.encode()).decode()


_RECIPIENT = "age1" + "q" * 58
