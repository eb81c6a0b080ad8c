"""Codes 9xx: writing the set (from CFG901), and Git (from CFG950)."""

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
)

_GIT: tuple[Rule, ...] = ()

RULES: tuple[Rule, ...] = (*_WRITING, *_GIT)
