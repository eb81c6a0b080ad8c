"""Codes from CFG980: merge requests, merging, and rendering on other machines."""

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
    Rule(
        "CFG982",
        "executor-extra-missing",
        ERROR,
        "nothing is rendered at `{address}`: Dask is not installed",
        "`pip install 'cfgc[dask]'`, here and on all workers",
    ),
    Rule(
        "CFG983",
        "executor-not-found",
        ERROR,
        "there is no scheduler of Dask at `{address}`: {reason}",
        "start one there, or render here, without `--executor`",
    ),
    Rule(
        "CFG984",
        "executor-not-private",
        ERROR,
        "secrets are not rendered at `{address}`: `{other}` is on another machine, and its connection has no TLS",
        "use `tls://` and a cluster that speaks it, or `--sealed`",
    ),
    Rule(
        "CFG985",
        "executor-differs",
        ERROR,
        "a worker at `{address}` has {program} {theirs}, and here it is {ours}",
        "install the same version of everything on all workers and here",
    ),
)
