"""A project to edit, and the program that edits it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.system.conftest import Cfgc, Done, age_key, as_process, cfgc, seal

__all__ = ["Cfgc", "Done", "age_key", "as_process", "cfgc", "seal"]

FILES = {
    "cfgc.yaml": """\
version: 1
environments:
  test: {extends: base}
  prod: {extends: base, labels: {tier: prod}}
  prod-eu: {extends: prod}
components: ["managers/*"]
""",
    "environments/base/managers/web.yaml": """\
# the web manager
owner: team-web   # who to call

replicas: 1
url: https://web.example.com
banner: "${managers.db.name} behind ${.url}"
hosts: [a, b]
users:
  - name: ann
    role: dev
  - name: bob
    role: ops
labels: {tier: none}
""",
    "environments/base/managers/db.yaml": "name: main\nport: 5432\n",
    "environments/prod/managers/web.yaml": "# production\nreplicas: 3   # three zones\n\nlimits:\n    cpu: 2\n",
    "schemas/managers/_each.schema.json": '{"properties": {"replicas": {"type": "integer", "minimum": 1}}}',
}
WEB = "environments/prod/managers/web.yaml"


@pytest.fixture
def shop(project: Callable[[Mapping[str, str]], Path]) -> Path:
    """`base` below `test` and `prod`, `prod` below `prod-eu`."""
    return project(FILES)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
