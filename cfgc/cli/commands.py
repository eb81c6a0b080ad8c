"""The table of commands: name -> the line that `cfgc --help` shows. The module and the function have the same name,
a dash being an underscore there.

`--help` prints this table without importing a command.
"""

from __future__ import annotations

COMMANDS: dict[str, str] = {
    "init": "Scaffold a project that renders at once.",
    "merge": "Merge YAML, JSON or TOML files in order and print the result.",
    "show": "Print an environment's merged, resolved tree, secrets masked.",
    "why": "Tell where a value, a layer line or a rendered line comes from.",
    "validate": "Check environments: layers, references, schemas, policies, lints.",
    "render": "Write an environment's artifacts to dist/ENV as one whole set.",
    "diff": "Compare the effective values and artifacts of two revisions or environments.",
    "affected": "List the environments, components and artifacts that a range of commits changes.",
    "log": "List the commits that changed an effective value.",
    "blame": "Show each effective value with the commit that made it.",
    "set": "Write a value into the layer file that it belongs into, comments kept.",
    "unset": "Take a value out of an environment, or back to what lies below.",
    "promote": "Write one environment's effective values into another's own layer.",
    "rollback": "Bring an environment back to what it was, checked before and proved after.",
    "gaps": "Find where the environments, the schemas, the templates and the code disagree.",
    "docs": "Write reference documentation from schemas and layers, and a template.",
    "report": "Report on the health of a project: one dated page, and badges.",
    "explain": "Print the long form of a diagnostic, with examples.",
    "schema": "Print the JSON Schema of the project, or of one layer file, for editors.",
    "secrets": "Find what stands in plain text although it should be sealed.",
    "scan": "List every configuration source of any repository: parsing, owners, variables, secrets.",
    "git-setup": "Let `git diff` and `git merge` take SOPS files by key in this clone.",
}

DRIVERS = ("git-textconv", "git-merge")
"""Commands that Git runs once `git-setup` has told it to; no help shows them."""
