"""What a team writes first: PyYAML's C loader, a dict merge, Jinja2. `plain.py PROJECT OUT ENV...`"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import yaml

TEMPLATE = "{% for name, value in items %}{{ name }}={{ value }}\n{% endfor %}"


def merge(low: dict[str, Any], high: dict[str, Any]) -> dict[str, Any]:
    for key, value in high.items():
        both = isinstance(value, dict) and isinstance(low.get(key), dict)
        low[key] = merge(low[key], value) if both else value
    return low


def flat(tree: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        name = (prefix + key).upper()
        if isinstance(value, dict):
            yield from flat(value, f"{name}_")
        else:
            yield name, value


def load(path: Path) -> Any:
    with open(path) as file:
        return yaml.load(file, yaml.CSafeLoader)


def main(project: str, out: str, environments: list[str]) -> None:
    template = jinja2.Environment().from_string(TEMPLATE)
    base = Path(project, "environments", "base", "managers")
    for environment in environments:
        for file in sorted(base.iterdir()):
            tree = merge(load(file), load(Path(project, "environments", environment, "managers", file.name)))
            folder = Path(out, environment, file.stem)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / ".env").write_text(template.render(items=list(flat(tree))))
            with open(folder / "config.yaml", "w") as config:
                yaml.dump(tree, config, Dumper=yaml.CSafeDumper, sort_keys=False)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
