"""Codes 9xx: writing the set (from CFG901), documentation (from CFG910), comparing (from CFG940), Git (from CFG950)."""

from cfgc.diagnostics.catalogue import comparing, documenting, moving
from cfgc.diagnostics.catalogue.rule import ERROR, WARNING, Rule

_WRITING = (
    Rule(
        "CFG901",
        "cannot-write",
        ERROR,
        "cannot write `{file}`: {reason}",
        "the set that stood there is untouched; make room or give the permission, then render again",
    ),
    Rule(
        "CFG902",
        "foreign-file",
        ERROR,
        "`{file}` is not one of cfgc's artifacts",
        "move it elsewhere, or render with `--force` to carry it over into the new set",
    ),
    Rule(
        "CFG903",
        "output-locked",
        ERROR,
        "another cfgc (process {holder}) is writing to `{folder}`",
        "wait for it to end, or render to another folder with `--out`",
    ),
    Rule(
        "CFG904",
        "output-not-a-folder",
        ERROR,
        "`{file}` is in the way: it is no folder of cfgc's",
        "remove it; cfgc never writes through a symbolic link",
    ),
    Rule(
        "CFG905",
        "drifted-artifact",
        WARNING,
        "`{file}` was changed after it was rendered; the change is replaced",
        "change the layer, not the artifact; `cfgc why FILE:LINE` names the line",
    ),
    Rule(
        "CFG906",
        "damaged-set",
        ERROR,
        "`{file}` is not what the last manifest says, so it can't be carried over",
        "render the whole environment, without `--component`",
    ),
    Rule(
        "CFG907",
        "cannot-exchange",
        ERROR,
        "this file system can't exchange folders, and `{file}` is a real one",
        "remove it once; cfgc then keeps generations beside it and `{file}` becomes a link",
    ),
    Rule(
        "CFG908",
        "artifact-outdated",
        ERROR,
        "`{file}` is not what this revision renders: {difference}",
        "render the environment and commit or deploy the result",
    ),
    Rule(
        "CFG909",
        "mixed-set",
        ERROR,
        "the secrets of `{file}` are {standing}, and those of this run would be {made}",
        "render the whole environment, without `--component`",
    ),
)

_GIT = (
    Rule(
        "CFG950",
        "git-not-found",
        ERROR,
        "`git` is not installed, so no index and no revision can be read",
        "install Git, or work on the files as they are: without `--rev` and `--staged`",
    ),
    Rule(
        "CFG951",
        "not-a-repository",
        ERROR,
        "`{folder}` lies in no Git repository",
        "run it in a clone, or work on the files as they are: without `--rev` and `--staged`",
    ),
    Rule(
        "CFG952",
        "unknown-revision",
        ERROR,
        "there is no commit `{revision}` in this repository",
        "name a branch, a tag or a commit that `git log` shows",
    ),
    Rule(
        "CFG953",
        "missing-object",
        ERROR,
        "this clone lacks the content of `{file}`",
        "fetch it: `git fetch --unshallow` in a shallow clone; a partial one (`--filter`) needs `git fetch --refetch`",
    ),
    Rule(
        "CFG954",
        "unmerged-index",
        ERROR,
        "`{file}` has a merge conflict in the index",
        "resolve the conflict and `git add` the file",
    ),
    Rule(
        "CFG955",
        "lfs-pointer",
        ERROR,
        "`{file}` is a Git LFS pointer, not the content it stands for",
        "keep configuration out of Git LFS: take the file out of `.gitattributes` and commit its content",
    ),
    Rule(
        "CFG956",
        "git-failed",
        ERROR,
        "`git {command}` {problem}",
        "run `git fsck` to see whether the repository is whole",
    ),
)

RULES: tuple[Rule, ...] = (*_WRITING, *documenting.RULES, *comparing.RULES, *_GIT, *moving.RULES)
