"""What reading costs, step by step: `python -m bench.reading` prints the table of ADR 0002.

Makes 600 files of 50 keys on a memory filesystem and reads them with the collector off, as the program does. The best
of several rounds counts, every step once a round, so that a busy moment hits all alike.
"""

from __future__ import annotations

import gc
import importlib
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml
import yaml_rs

from cfgc.external.files import WorkTree
from cfgc.model.layers import LayerFile
from cfgc.stages.read import Reader, formats, yaml_ordinary
from cfgc.stages.read.text import decode

FILES = 600
SECTIONS = ("database", "cache", "http", "retry", "monitoring", "features", "endpoints")
ROUNDS = 9
_OTHERS = (("ryaml", "loads"), ("oryaml", "loads"), ("yaml12", "parse_yaml"))
"""Measured beside, where they are installed."""


def text(number: int, chance: random.Random) -> str:
    """One component of about 50 keys and 1.4 KB."""
    lines = [f"# component {number}"]
    for section in SECTIONS:
        lines.append(f"{section}:")
        lines += [f"  key_{section}_{index}: {_value(number, index, chance)}" for index in range(5)]
    lines += ["hosts:", *(f"  - name: host-{index}\n    port: {8000 + index}" for index in range(3))]
    return "\n".join([*lines, "tags:", *(f"  - tag-{index}   # comment" for index in range(3))]) + "\n"


def _value(number: int, index: int, chance: random.Random) -> str:
    return chance.choice(
        [
            str(chance.randrange(1, 100_000)),
            "true",
            f"{chance.randrange(1, 60)}s",
            f"https://svc-{number}.example.com:8443/api/v{index}",
            f"registry.example.com/team/app-{number}:1.{index}.0",
            "${database.host}",
            '"quoted text"',
            f"0.{chance.randrange(1, 99)}",
            "some words",
        ]
    )


def steps(root: Path, files: list[LayerFile]) -> dict[str, Callable[[], object]]:
    """Every step by its name; each does its work on all files."""
    source = WorkTree(root)
    raws = [source.read(file.path) for file in files]
    texts = [raw.decode() for raw in raws]
    grammar = yaml_ordinary.grammar()

    def whole() -> None:
        reader = Reader(source)
        assert all(reader.read(file)[0] for file in files)

    found: dict[str, Callable[[], object]] = {
        "open and read": lambda: [source.read(file.path) for file in files],
        "grammar of ordinary lines": lambda: [grammar.fullmatch(text) for text in texts],
        "yaml_rs alone": lambda: [yaml_rs.loads(text, parse_datetime=False) for text in texts],
        "Reader.read, all of it": whole,
        "exact reader": lambda: [formats.exact(decode(raw, "it"), "yaml") for raw in raws],
        "PyYAML CSafeLoader": lambda: [yaml.load(text, Loader=yaml.CSafeLoader) for text in texts],
    }
    for module, function in _OTHERS:
        try:
            load = getattr(importlib.import_module(module), function)
        except ImportError:
            continue
        found[module] = lambda load=load: [load(text) for text in texts]  # type: ignore[misc]
    return found


def main() -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        files = [
            LayerFile(f"environments/base/c{number}.yaml", "base", (f"c{number}",), "yaml") for number in range(FILES)
        ]
        chance = random.Random(1)
        (Path(folder) / "environments/base").mkdir(parents=True)
        for number, file in enumerate(files):
            (Path(folder) / file.path).write_text(text(number, chance))
        size = sum((Path(folder) / file.path).stat().st_size for file in files)
        best = dict.fromkeys(todo := steps(Path(folder), files), float("inf"))
        gc.disable()
        for _ in range(ROUNDS):
            for name, step in todo.items():
                begin = time.perf_counter()
                step()
                best[name] = min(best[name], time.perf_counter() - begin)
    print(f"{FILES} files, {size / FILES:.0f} bytes each")
    for name, seconds in best.items():
        print(f"{name:28} {seconds * 1e3:8.1f} ms {size / seconds / 1e6:7.1f} MB/s")


if __name__ == "__main__":
    main()
