"""Codes 4xx: merging layers."""

from cfgc.diagnostics.catalogue.rule import ERROR, WARNING, Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "CFG401",
        "set-twice",
        ERROR,
        "two files of layer `{layer}` set `{target}`",
        "keep it in one of them: inside a layer no file wins over another",
    ),
    Rule(
        "CFG402",
        "merge-type-conflict",
        ERROR,
        "cannot merge {upper} over {lower}",
        "use {lower}",
    ),
    Rule(
        "CFG403",
        "implicit-null",
        ERROR,
        "a key without a value stands over {lower}",
        "write `null` to set null, or `!unset` to remove the key",
    ),
    Rule(
        "CFG404",
        "marker-without-target",
        WARNING,
        "`{marker}` finds {what}",
        "remove the marker, or look for a misspelt key",
    ),
    Rule(
        "CFG405",
        "list-item-identity",
        ERROR,
        "an item of a list that is merged by `{key}` {why}",
        "give every item, in all layers, a `{key}` of its own, or merge the list another way",
    ),
    Rule(
        "CFG406",
        "duplicate-list-identity",
        ERROR,
        "two items of a list that is merged by `{key}` are called `{value}`",
        "give each item a `{key}` of its own, or merge the list another way",
    ),
    Rule(
        "CFG407",
        "sops-list-without-rule",
        ERROR,
        "a list in a SOPS file stands over another list, and no schema says how they merge",
        "state `x-cfgc-merge` for `{target}` in a schema: SOPS drops markers when it encrypts",
    ),
    Rule(
        "CFG408",
        "unknown-override-key",
        ERROR,
        "`{option}` names `{target}`, which is not there",
        "look at the keys with `cfgc show`",
    ),
    Rule(
        "CFG409",
        "ambiguous-override",
        ERROR,
        "`{part}` in `{option}` can mean {keys}",
        "use `--set` with the exact key path",
    ),
    Rule(
        "CFG410",
        "invalid-override",
        ERROR,
        "`{option}` {why}",
        'write `--set key.path=VALUE`, with quotes around a key that holds a dot: `labels."a.b"`',
    ),
    Rule(
        "CFG411",
        "near-override-key",
        WARNING,
        "`--set` makes a new key `{target}`, which looks like a misspelt one",
        "look at the keys with `cfgc show`",
    ),
)
