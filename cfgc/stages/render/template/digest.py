"""The sealed form of a template that does more than print a secret (SPEC section 6).

It is one line, `cfgc-sealed-template:1 sha256:HEX`. The digest is over, in this order and each preceded by its
length: the names and texts of the template and of all templates it names (in byte order of the names), then as
JSON `config`, `environment`, `labels` and `component`, and `tree` if one of these templates mentions it. In that JSON a
secret is its SOPS token and a runtime variable its text, so nothing that is hashed is secret.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from jinja2 import meta, nodes

from cfgc.model.values import Secret, Unknown, Value
from cfgc.stages.render.job import Context, Job
from cfgc.stages.render.plain import plain
from cfgc.stages.render.template.engine import Engine
from cfgc.stages.render.template.files import Templates

HEAD = "cfgc-sealed-template:1 sha256:"


def digest_form(job: Job, context: Context, config: Value, engine: Engine, templates: Templates) -> str:
    """The text that stands for the artifact."""
    parsed = closure(job.output.template or "", engine, templates)
    parts = [text for name in sorted(parsed) for text in (name, templates.texts[name])]
    parts += [_json(config), context.environment, _json(dict(context.labels)), job.name]
    if any("tree" in meta.find_undeclared_variables(tree) for tree in parsed.values()):
        parts.append(_json(context.tree))
    total = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        total.update(f"{len(data)}:".encode() + data)
    return f"{HEAD}{total.hexdigest()}\n"


def closure(name: str, engine: Engine, templates: Templates) -> dict[str, nodes.Template]:
    """A template and all that it names, directly or not, as far as they exist."""
    found: dict[str, nodes.Template] = {}
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in found and one in templates.texts:
            found[one] = engine.parse(templates.texts[one], one)
            waiting += [other for other in meta.find_referenced_templates(found[one]) if other is not None]
    return found


def _json(value: Value) -> str:
    return json.dumps(value, default=_special, separators=(",", ":"))


def _special(value: Any) -> dict[str, str]:
    if isinstance(value, Secret):
        return {"\0secret": value.token}
    if isinstance(value, Unknown):
        return {"\0runtime": plain(value, sealed=True, expands=False)}
    raise TypeError(type(value).__name__)
