"""Codes from CFG910: reference documentation."""

from cfgc.diagnostics.catalogue.rule import ERROR, WARNING, Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "CFG910",
        "docs-outdated",
        ERROR,
        "`{file}` is not what `cfgc docs` writes: {difference}",
        "run `cfgc docs` and commit what it writes",
    ),
    Rule(
        "CFG911",
        "template-unfilled",
        WARNING,
        "`{file}` has no placeholder that fits at `{key}`: {reason}",
        "give the schema of that place a `default` or `examples` that satisfies it",
    ),
)
