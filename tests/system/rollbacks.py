"""A repository before and after a rollback."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Git
from tests.system.conftest import Cfgc, Done

BASE, PROD, TEST = (f"environments/{layer}/managers/web.yaml" for layer in ("base", "prod", "test"))
SECRET = "environments/prod/managers/db.sops.yaml"


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text()
    assert old in text
    (root / path).write_text(text.replace(old, new))


def artifacts(root: Path, environment: str, folder: str = "dist") -> dict[str, bytes]:
    """Every artifact that stands, without the manifest, which names the commit."""
    above = root / folder / environment
    return {
        path.relative_to(above).as_posix(): path.read_bytes()
        for path in sorted(above.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def state(root: Path, git: Git) -> tuple[object, ...]:
    """All that a refused rollback must leave as it was."""
    files = {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and ".git" not in path.parts}
    refs = git(root, "for-each-ref"), git(root, "rev-parse", "HEAD"), git(root, "symbolic-ref", "-q", "HEAD")
    scratch = (root / ".git/cfgc").exists(), (root / ".git/index.lock").exists()
    return files, (root / ".git/index").read_bytes(), refs, scratch


def render_at(root: Path, rev: str, environment: str, cfgc: Cfgc) -> dict[str, bytes]:
    """The oracle: what a render of a revision writes."""
    out = root.parent / f"{root.name}-oracle-{environment}"
    done = cfgc(root, "render", environment, "--rev", rev, "--out", str(out))
    assert done.code == 0, done.err
    return artifacts(out, environment, ".")


def refused(root: Path, git: Git, cfgc: Cfgc, *args: str) -> Done:
    """A rollback that fails and leaves everything as it was."""
    before = state(root, git)
    done = cfgc(root, "rollback", *args)
    assert done.code in (1, 2), done.err
    assert state(root, git) == before
    return done


def is_clean(root: Path, git: Git) -> bool:
    return git(root, "status", "--porcelain") == "" and not (root / ".git/cfgc").exists()
