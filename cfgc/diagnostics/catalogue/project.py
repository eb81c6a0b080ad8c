"""Codes 1xx: the project, cfgc.yaml, layers and environments."""

from cfgc.diagnostics.catalogue.rule import ERROR, Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "CFG101",
        "unreadable-folder",
        ERROR,
        "cannot read the folder `{folder}`: {reason}",
        "give the permission to read it, or move it out of the project",
    ),
    Rule(
        "CFG102",
        "changed-while-reading",
        ERROR,
        "`{file}` changed while cfgc read the project",
        "run it again when nothing else writes to the project",
    ),
)
