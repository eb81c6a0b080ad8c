"""Codes 970 to 979: writing back into layer files."""

from cfgc.diagnostics.catalogue.rule import ERROR, Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "CFG970",
        "edit-through-alias",
        ERROR,
        "`{target}` in `{file}` is written through {what}: an edit would change other values too",
        "edit the file by hand, or write the value out at its key first",
    ),
    Rule(
        "CFG971",
        "edit-through-reference",
        ERROR,
        "`{target}` can't be edited: `{above}` is the reference `{text}`",
        "edit what the reference names, or set `{above}` as a whole",
    ),
    Rule(
        "CFG972",
        "edit-secret",
        ERROR,
        "`{target}` is a secret or stands in an encrypted file, and cfgc writes no secret",
        "use `sops edit {file}`",
    ),
    Rule(
        "CFG973",
        "edit-shadowed",
        ERROR,
        "an edit of `{target}` in layer `{layer}` changes nothing in `{goal}`: `{file}` decides",
        "edit layer `{winner}`, or unset what stands there first",
    ),
    Rule(
        "CFG974",
        "no-own-layer",
        ERROR,
        "`{called}` has no layer of its own: {others} use `{layer}` too",
        "name the layer to edit with `--layer`, or give the environment a layer of its own in `cfgc.yaml`",
    ),
    Rule(
        "CFG975",
        "layer-not-used",
        ERROR,
        "`{called}` is no layer of `{goal}`",
        "name a layer of the environment's chain",
    ),
    Rule(
        "CFG976",
        "edit-not-exact",
        ERROR,
        "`{file}` can't be edited exactly: {reason}",
        "edit the file by hand",
    ),
    Rule(
        "CFG977",
        "no-place-for-override",
        ERROR,
        "the layout has no file for `{target}` in layer `{layer}`",
        "make the file where you want it, even an empty one, and try again",
    ),
    Rule(
        "CFG978",
        "promoted-secret",
        ERROR,
        "`{target}` is a secret in `{source}`, and secrets are not promoted",
        "encrypt its value for `{goal}` with `sops edit` in a `*.sops.yaml` of that environment",
    ),
    Rule(
        "CFG979",
        "edit-not-written",
        ERROR,
        "`{file}` was not edited: {reason}",
        "nothing was changed; put it right and try again",
    ),
)
