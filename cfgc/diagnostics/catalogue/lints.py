"""Codes from CFG721: the built-in lints. Their long words are in `cfgc/stages/check/rules/` and in the pages."""

from cfgc.diagnostics.catalogue.rule import WARNING, Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "CFG721",
        "dead-override",
        WARNING,
        "`{key}` is set here and wins in no environment that reads this file",
        "remove the line: every environment overrides it",
    ),
    Rule("CFG722", "deprecated-key", WARNING, "`{key}` is deprecated", "its schema says what to use instead"),
    Rule(
        "CFG723",
        "lookalike-keys",
        WARNING,
        "the key `{key}` ({points}) looks like another key of its map",
        "write both with the same letters, or remove one",
    ),
    Rule(
        "CFG724",
        "redundant-override",
        WARNING,
        "layer `{layer}` sets `{key}` to what layer `{lower}` already says",
        "remove the line from the overlay",
    ),
    Rule(
        "CFG725",
        "same-in-every-environment",
        WARNING,
        "every environment overrides `{key}` with one and the same value",
        "set that value here and remove the overrides",
    ),
    Rule(
        "CFG726",
        "split-component",
        WARNING,
        "layer `{layer}` writes `{part}` here and in its own file `{file}`",
        "move these lines into `{file}`",
    ),
    Rule(
        "CFG727",
        "suspected-secret",
        WARNING,
        "`{key}` looks like a secret in plain text: {reason}",
        "move it to a SOPS file and rotate it, or say `x-cfgc-secret: false` in its schema",
    ),
    Rule(
        "CFG728",
        "type-changing-override",
        WARNING,
        "`{key}` becomes a {upper} and is a {lower} in the layer below",
        "write it in the type of the layer below, or change that one too",
    ),
    Rule(
        "CFG729",
        "unknown-component-folder",
        WARNING,
        "`{called}` looks like a misspelt `{meant}`",
        "rename `{file}` if it is one",
    ),
    Rule(
        "CFG730",
        "unused-each",
        WARNING,
        "`{file}` gives defaults to the children of `{folder}`, and no environment has one",
        "remove it, or move it to the folder that it is meant for",
    ),
    Rule(
        "CFG731",
        "unused-template",
        WARNING,
        "no output renders `{file}` and no template includes it",
        "remove it, or name it in `outputs`",
    ),
    Rule(
        "CFG732",
        "yaml-1.1-trap",
        WARNING,
        "`{text}` is {means} in YAML 1.2 and {reads} in YAML 1.1",
        "quote it, or write the value in another way",
    ),
)
