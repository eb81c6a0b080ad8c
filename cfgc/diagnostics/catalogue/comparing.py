"""Codes 940 to 949: comparing revisions."""

from cfgc.diagnostics.catalogue.rule import ERROR, WARNING, Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "CFG940",
        "no-merge-base",
        ERROR,
        "`{one}` and `{other}` have no common ancestor",
        "fetch the whole history: `git fetch --unshallow`, in GitLab CI `GIT_DEPTH: 0`; or name both sides: `A..B`",
    ),
    Rule(
        "CFG941",
        "no-default-branch",
        ERROR,
        "this repository has no `origin/HEAD`, no `main` and no `master` to compare with",
        "name both sides: `A..B`",
    ),
    Rule(
        "CFG942",
        "missing-commit",
        ERROR,
        "this clone lacks the commit `{commit}`",
        "fetch it, or run `git fsck` to see whether the repository is whole",
    ),
    Rule(
        "CFG943",
        "side-does-not-compile",
        ERROR,
        "`{side}` does not compile, so there is nothing to compare with",
        "correct what the other findings say, or name a revision that compiles",
    ),
    Rule(
        "CFG944",
        "shallow-history",
        WARNING,
        "this clone begins with `{commit}`; what was before is not known",
        "fetch the whole history: `git fetch --unshallow`, in GitLab CI `GIT_DEPTH: 0`",
    ),
    Rule(
        "CFG945",
        "untracked-input",
        WARNING,
        "what is proved holds without files that are not tracked: `{called}` also reads {files}",
        "commit them or move them away: the next render in this working tree reads them",
    ),
)
