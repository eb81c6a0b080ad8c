"""Codes from CFG980: merge requests, and merging."""

from cfgc.diagnostics.catalogue.rule import ERROR, WARNING, Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "CFG980",
        "passes-only-with-this-change",
        WARNING,
        "this passes only because the range changes `{file}`: {said}",
        "the owner of `{file}` decides: it is the rule itself that changes here",
    ),
    Rule(
        "CFG981",
        "sops-merge-conflict",
        ERROR,
        "`{file}` is not merged by key: {reason}",
        "with its key at hand, `git checkout --merge -- FILE` tries again; or take one side "
        "(`git checkout --ours -- FILE`), make the other side's change with `sops`, and `git add` the file",
    ),
)
