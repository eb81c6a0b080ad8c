"""The files of `templates/`, read before anything runs: the child that renders touches no file (THREATS J03, J04)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cfgc.model.layers import Source
from cfgc.stages.render.template.fault import FOLDER, Fault

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
_QUOTED = re.compile(r"'([A-Za-z0-9_./-]+)'|\"([A-Za-z0-9_./-]+)\"")
_LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Templates:
    """Texts by name, and why a name that exists cannot be used."""

    texts: Mapping[str, str]
    refused: Mapping[str, str]

    def text(self, name: str) -> str:
        """The text of a template; raises `Fault`."""
        if not _NAME.fullmatch(name) or ".." in name:
            raise Fault("template-name", word=name)
        found = self.texts.get(name)
        if found is not None:
            return found
        link = next((part for part in _above(name) if part in self.refused), None)
        if link is not None:
            raise Fault("template-unreadable", word=name, reason=self.refused[link])
        raise Fault("template-missing", word=name)


def _above(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:length]) for length in range(len(parts), 0, -1)]


def reachable(names: Iterable[str], templates: Templates) -> dict[str, str]:
    """The texts of some templates and of all that these may use, by name.

    Names of templates are literals, so whatever stands in quotes and is a template's name may be used: a quick answer,
    without Jinja, that is never too small.
    """
    found: dict[str, str] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in templates.texts and name not in found:
            found[name] = templates.texts[name]
            waiting += [one or other for one, other in _QUOTED.findall(found[name])]
    return found


def load(source: Source) -> Templates:
    """All of `templates/`; links are never followed."""
    texts: dict[str, str] = {}
    refused: dict[str, str] = {}
    for entry in source.list(FOLDER):
        name = entry.path.removeprefix(FOLDER + "/")
        if entry.kind != "file":
            refused[name] = f"a {entry.kind} is never followed"
            continue
        try:
            data = source.read(entry.path)
            if len(data) > _LARGEST:
                refused[name] = f"it is larger than {_LARGEST} bytes"
            else:
                texts[name] = data.decode().replace("\r\n", "\n")
        except UnicodeDecodeError:
            refused[name] = "it is not UTF-8"
        except OSError:
            refused[name] = "it cannot be read"
    return Templates(texts, refused)
