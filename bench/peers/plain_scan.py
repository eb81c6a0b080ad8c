"""What an inventory is made of at the least: read every file and parse it by the usual library, one after the other."""

from __future__ import annotations

import configparser
import json
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import yaml


def main(root: str) -> None:
    """Print how many files of each format there are, and how many do not parse."""
    parsed: dict[str, int] = {}
    broken = 0
    for path in sorted(Path(root).rglob("*")):
        parse = _PARSERS.get(path.suffix)
        if parse is None or not path.is_file():
            continue
        parsed[path.suffix] = parsed.get(path.suffix, 0) + 1
        try:
            parse(path.read_text(encoding="utf-8"))
        except (ValueError, yaml.YAMLError, configparser.Error, ElementTree.ParseError):
            broken += 1
    sys.stdout.write(f"{parsed} {broken}\n")


def _yaml(text: str) -> list[Any]:
    return list(yaml.load_all(text, yaml.CSafeLoader))


def _ini(text: str) -> None:
    configparser.ConfigParser(interpolation=None).read_string(text)


_PARSERS: dict[str, Callable[[str], object]] = {
    ".yaml": _yaml,
    ".json": json.loads,
    ".toml": tomllib.loads,
    ".ini": _ini,
    ".xml": ElementTree.fromstring,
    ".env": str.splitlines,
    ".properties": str.splitlines,
}

if __name__ == "__main__":
    main(sys.argv[1])
