"""`cfgc init`: a project that renders at once."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import click

from cfgc.cli.opening import Report, open_session
from cfgc.cli.options import Where
from cfgc.cli.schema import write_editor_files, write_file
from cfgc.diagnostics import Failed
from cfgc.model.text import printable

_FILES = {
    "cfgc.yaml": """\
# What cfgc compiles, and to what. Every key has a default.
version: 1
semantics: "2026.1"
project: {name}
environments:
  test: {extends: base}
  prod: {extends: base, labels: {tier: prod}}
components: ["services/*"]
outputs:
  - {for: "*", format: dotenv, to: ".env"}
  - {for: "*", format: yaml, to: "config.yaml"}
""",
    "environments/base/services/_each.yaml": """\
# What every service has, unless its own file says otherwise.
owner: team-platform
replicas: 1
log_level: info
""",
    "environments/base/services/web.yaml": """\
# The path of this file is its key path: services.web
url: https://web.example.com
database:
  url: ${DATABASE_URL}      # a runtime variable: it stays in the artifact
  max_connections: 10
""",
    "environments/prod/services/web.yaml": """\
# Only what differs in prod.
replicas: 3
database:
  max_connections: 100
""",
    "schemas/services/_each.schema.json": """\
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "A service",
  "type": "object",
  "properties": {
    "owner": {"type": "string", "description": "The team that answers for it."},
    "replicas": {"type": "integer", "minimum": 1, "description": "How many instances run."},
    "log_level": {"enum": ["debug", "info", "warning", "error"]},
    "url": {"type": "string", "format": "uri"},
    "database": {
      "type": "object",
      "properties": {
        "url": {"type": "string"},
        "max_connections": {"type": "integer", "minimum": 1}
      },
      "required": ["url"]
    }
  },
  "required": ["owner", "replicas"]
}
""",
    "policies/production.yaml": """\
policies:
  - name: no-debug-logs-in-prod
    match: {labels: {tier: prod}, components: ["services/*"]}
    assert: config.log_level != "debug"
    at: log_level
    message: "`{component}` logs at debug level in {environment}"
    help: set `log_level` to `info` in the overlay
""",
    ".gitignore": "/dist/\n/.cfgc/\n",
}


@click.command(epilog="Example: cfgc init shop && cd shop && cfgc render prod")
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Write even where files exist; existing files are kept.")
@click.pass_context
def init(ctx: click.Context, folder: Path, force: bool) -> int:
    """Scaffold a project in FOLDER (default: here) that validates and renders at once."""
    folder = Path(ctx.obj["directory"] or ".") / folder
    standing = [name for name in _FILES if os.path.exists(folder / name)]
    if standing and not force:
        raise click.UsageError(f"`{folder / standing[0]}` exists; `--force` adds what is missing and keeps it.")
    findings = Report(Where(folder))
    try:
        for name, text in _FILES.items():
            if not os.path.exists(folder / name):
                write_file(folder / name, text.replace("{name}", _name(folder)))
        findings.session = session = open_session(Where(folder))
        write_editor_files(session, folder.resolve())
        click.echo(f"a new project in {printable(str(folder))}: next, `cfgc render prod`", err=True)
    except Failed as failed:
        findings.add(failed.diagnostics)
    findings.to_stderr()
    return findings.code()


def _name(folder: Path) -> str:
    """The folder's name as YAML: in quotes where it would be something else without, as `123` and `a: b` would."""
    name = printable(folder.resolve().name) or "project"
    is_plain = re.fullmatch("[A-Za-z][A-Za-z0-9_.-]*", name) and name.lower() not in ("null", "true", "false")
    return name if is_plain else json.dumps(name, ensure_ascii=False)
