"""Codes 1xx: the project, cfgc.yaml, layers and environments."""

from cfgc.diagnostics.catalogue.rule import ERROR, WARNING, Rule

_PROJECT = (
    Rule(
        "CFG101",
        "no-project",
        ERROR,
        "there is no project here: neither `cfgc.yaml` nor a file in `environments/`",
        "go to the project's folder, name it with `-C`, or start one with `cfgc init`",
    ),
    Rule(
        "CFG102",
        "misnamed-settings",
        ERROR,
        "`{file}` is not read: the settings of a project are in `cfgc.yaml`",
        "rename it to `cfgc.yaml`, or remove it",
    ),
    Rule(
        "CFG103",
        "unreadable-folder",
        ERROR,
        "cannot read the folder `{folder}`: {reason}",
        "give the permission to read it, or move it out of the project",
    ),
    Rule(
        "CFG104",
        "changed-while-reading",
        ERROR,
        "`{file}` changed while cfgc read the project",
        "run it again when nothing else writes to the project",
    ),
)

_SETTINGS = (
    Rule(
        "CFG105",
        "unknown-setting",
        ERROR,
        "there is no setting {setting}",
        "remove it, or correct its name",
    ),
    Rule(
        "CFG106",
        "invalid-setting",
        ERROR,
        "{setting} {says}",
        "correct it; a setting that is left out has its default",
    ),
    Rule(
        "CFG107",
        "unsupported-version",
        ERROR,
        "`cfgc.yaml` is of version {version}, and this cfgc reads version 1",
        "install a newer cfgc, or set `version: 1`",
    ),
    Rule(
        "CFG108",
        "unknown-semantics",
        ERROR,
        "this cfgc does not know the rules `{semantics}`",
        'install a newer cfgc, or set `semantics: "{known}"`',
    ),
    Rule(
        "CFG109",
        "invalid-glob",
        ERROR,
        "`{pattern}` is no glob over key paths",
        "write segments with `/` or `.` between them: `managers/*`, `plugins.mail`, `**`; one that has a dot in quotes",
    ),
    Rule(
        "CFG110",
        "matches-nothing",
        WARNING,
        "`{pattern}` matches {what}",
        "correct it, or remove it",
    ),
    Rule(
        "CFG111",
        "unknown-lint",
        ERROR,
        "there is no lint `{called}`",
        "`cfgc explain` lists the lints; what is an error has no severity to set",
    ),
)

_ENVIRONMENTS = (
    Rule(
        "CFG112",
        "no-environment",
        ERROR,
        "there is no environment to compile",
        "add a layer beside `base`, such as `environments/prod/`, or declare one under `environments` in `cfgc.yaml`",
    ),
    Rule(
        "CFG113",
        "unknown-environment",
        ERROR,
        "there is no environment `{called}`",
        "name it under `environments` in `cfgc.yaml`",
    ),
    Rule(
        "CFG114",
        "unknown-layer",
        ERROR,
        "there is no {what} `{called}`",
        "a layer is a folder or a file in `environments/` that holds at least one file",
    ),
    Rule(
        "CFG115",
        "environment-cycle",
        ERROR,
        "the environment `{called}` extends itself: {way}",
        "let one of them extend `base` alone",
    ),
    Rule(
        "CFG116",
        "contradictory-layers",
        ERROR,
        "the environment `{called}` orders its layers in two ways: here `{low}` lies beneath `{high}`",
        "name the layers once and in one order: `extends: []` and `layers: [...]`",
    ),
    Rule(
        "CFG117",
        "unused-layer",
        WARNING,
        "no environment uses the layer `{called}`",
        "name it under `extends` or `layers` of an environment in `cfgc.yaml`, or remove it",
    ),
    Rule(
        "CFG118",
        "not-an-environment",
        WARNING,
        "`{called}` is not taken for an environment: neither it nor a folder in it holds a layer file",
        "if its folders are layers, declare the environments that use them in `cfgc.yaml`",
    ),
)

_FILES = (
    Rule(
        "CFG119",
        "bad-name",
        ERROR,
        "`{called}` cannot be the name of {what}: {reason}",
        "rename it",
    ),
    Rule(
        "CFG120",
        "case-twins",
        ERROR,
        "`{called}` and `{other}` differ in case alone, and many file systems take them for one",
        "spell it one way everywhere",
    ),
    Rule(
        "CFG121",
        "not-a-layer-file",
        ERROR,
        "`{file}` lies in a layer and is no layer file",
        "move it out of the layer, or start its name with `.`; layer files end in .yaml, .yml, .json or .toml, sealed "
        "ones in .sops.yaml, .sops.json or .sops.env",
    ),
    Rule(
        "CFG122",
        "symbolic-link",
        ERROR,
        "`{file}` is a symbolic link, and cfgc follows none",
        "put a real file or folder in its place; what several environments share is a layer that they extend",
    ),
    Rule(
        "CFG123",
        "submodule",
        ERROR,
        "`{file}` is a Git submodule, and layers come from this repository alone",
        "vendor its files: copy and commit them",
    ),
    Rule(
        "CFG124",
        "special-file",
        ERROR,
        "`{file}` is no regular file",
        "remove it",
    ),
    Rule(
        "CFG125",
        "matched-twice",
        ERROR,
        "`{file}` is matched by two patterns of the layout",
        "make one of them narrower",
    ),
    Rule(
        "CFG126",
        "invalid-pattern",
        ERROR,
        "`{text}` is no pattern of a layout: {reason}",
        "write it as `services/{{name}}/values-{{layer}}.yaml`",
    ),
)

_COMPONENTS = (
    Rule(
        "CFG127",
        "unknown-component",
        ERROR,
        "there is no component `{called}`",
        "name it by its key path, by a glob over that, or by its last segment",
    ),
    Rule(
        "CFG128",
        "ambiguous-component",
        ERROR,
        "`{called}` may be several components: {paths}",
        "name the whole key path",
    ),
)

RULES: tuple[Rule, ...] = (*_PROJECT, *_SETTINGS, *_ENVIRONMENTS, *_FILES, *_COMPONENTS)
