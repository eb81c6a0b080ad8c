"""What is affected as a GitLab child pipeline: one job for each pair, one that does nothing when there is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from json import dumps
from typing import Any

from cfgc.history.affected import Affected
from cfgc.model.values import Tree

_PLAIN = re.compile(r"[A-Za-z0-9._/-]+")


def child_pipeline(pairs: Sequence[Affected], default: Tree) -> str:
    """The pipeline as JSON, which is YAML: no name can break out of it.

    Each job runs `cfgc render ENV --component C --sealed`, which needs no key. `default` is what all jobs have in
    common, in GitLab's words: the image in which cfgc is installed, or a `before_script` that installs it.
    """
    jobs = {_title(pair): _job(pair) for pair in pairs if not pair.gone} or {"cfgc:nothing-affected": _idle()}
    common = {"default": default} if default else {}
    return dumps({**common, "stages": ["compile"], **jobs}, indent=2, ensure_ascii=True) + "\n"


def _title(pair: Affected) -> str:
    return f"cfgc:{pair.environment}:{pair.component or 'environment'}"


def _job(pair: Affected) -> dict[str, Any]:
    narrowed = f" --component {_word(pair.component)}" if pair.component else ""
    return {
        "stage": "compile",
        "script": [f"cfgc render {_word(pair.environment)}{narrowed} --sealed --out sealed"],
        "artifacts": {"paths": [f"sealed/{pair.environment}"], "expire_in": "1 week"},
    }


def _idle() -> dict[str, Any]:
    return {
        "stage": "compile",
        "script": ["echo 'this change affects no environment'"],
        "before_script": [],
        "variables": {"GIT_STRATEGY": "none"},
    }


def _word(text: str) -> str:
    """A word of a shell command."""
    return text if _PLAIN.fullmatch(text) and not text.startswith("-") else "'" + text.replace("'", "'\\''") + "'"
