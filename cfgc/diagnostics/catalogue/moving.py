"""Codes from CFG957: commits that cfgc makes, and moving to them."""

from cfgc.diagnostics.catalogue.rule import ERROR, WARNING, Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "CFG957",
        "no-identity",
        ERROR,
        "Git does not know who you are, so no commit can be made",
        "tell it: `git config user.name NAME` and `git config user.email MAIL`, or set `GIT_AUTHOR_NAME` and its kind",
    ),
    Rule(
        "CFG958",
        "dirty-tree",
        ERROR,
        "`{file}` is not what the commit that is checked out holds",
        "commit the change, stash it, or take it back; `git status` shows all of them",
    ),
    Rule(
        "CFG959",
        "in-the-way",
        ERROR,
        "`{file}` is not tracked and in the way of the commit that is to be checked out",
        "move it elsewhere, or make a branch only: `--branch NAME`",
    ),
    Rule(
        "CFG960",
        "repository-busy",
        ERROR,
        "somebody else is at work in this repository: `{file}`",
        "let it end, or end the merge or rebase; if no Git is running, remove a `.lock` file that one left behind",
    ),
    Rule(
        "CFG961",
        "unsafe-path",
        ERROR,
        "`{file}` {reason}, so cfgc neither writes nor removes it",
        "take the commit back with `git revert`, which does so with such files",
    ),
    Rule(
        "CFG962",
        "revert-conflict",
        ERROR,
        "`{file}` was changed since in the same place, so `{commit}` cannot be taken back alone",
        "take back the later change first, restore the files with `--to`, or use `--as-override`",
    ),
    Rule(
        "CFG963",
        "invalid-branch",
        ERROR,
        "`{branch}` can be no new branch: {reason}",
        "name a new branch as `git branch` takes it, such as `rollback/prod`",
    ),
    Rule(
        "CFG964",
        "interrupted-move",
        WARNING,
        "a rollback that was killed is {outcome}",
        "run the rollback again if it is still wanted",
    ),
    Rule(
        "CFG965",
        "left-alone",
        WARNING,
        "`{file}` was changed since a rollback was killed, and is left as it is",
        "compare it with `git diff`, and commit it or take it back",
    ),
    Rule(
        "CFG966",
        "cannot-go-back",
        WARNING,
        "`{what}` does not really go back: {reason}",
        "see to it by hand: rotate the secret again, or seal it for today's recipients",
    ),
    Rule(
        "CFG967",
        "rollback-not-proved",
        ERROR,
        "`{file}` would not be what `{goal}` renders",
        "restore the files with `--to` alone: another way leaves rules or later changes in place",
    ),
    Rule(
        "CFG968",
        "rollback-reaches-others",
        ERROR,
        "{others} would change too: {changes}",
        "accept that with `--allow-others`, or touch no shared layer: `--as-override`",
    ),
    Rule(
        "CFG969",
        "no-way-back",
        ERROR,
        "`{called}` cannot be rolled back: {reason}",
        "name a commit that `git log` shows and that has the environment",
    ),
)
