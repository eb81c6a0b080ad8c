"""`make docs`: writes docs/rules/ from the catalogue of diagnostics and its pages; `--check` only compares."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from cfgc.diagnostics.catalogue import rules
from cfgc.diagnostics.pages import page_text

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "rules"
NOTICE = "<!-- made by `make docs` from cfgc/diagnostics; change it there -->\n\n"
STAGES = {
    "1": "The project",
    "2": "Reading",
    "3": "Secrets",
    "4": "Merging",
    "5": "References",
    "6": "Schemas",
    "7": "Policies and lints",
    "8": "Rendering",
    "9": "Writing and Git",
}


def index() -> str:
    """The table of all codes, by stage."""
    lines = ["# Diagnostics", "", "`cfgc explain CODE` prints the same pages."]
    stage = ""
    for rule in rules().values():
        if rule.code[3] != stage:
            stage = rule.code[3]
            lines += ["", f"## {STAGES[stage]}", "", "| code | name | severity | says |", "|---|---|---|---|"]
        says = rule.message.replace("|", "\\|")
        lines.append(f"| [{rule.code}]({rule.code}.md) | {rule.name} | {rule.severity} | {says} |")
    return "\n".join(lines) + "\n"


def pages() -> Iterator[tuple[Path, str]]:
    """Every generated file and its text."""
    yield FOLDER / "README.md", NOTICE + index()
    for rule in rules().values():
        yield FOLDER / f"{rule.code}.md", NOTICE + page_text(rule.code)


def stale() -> list[Path]:
    """The files that differ from what would be written, those among them that nothing generates."""
    wanted = dict(pages())
    differ = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    return differ + [path for path in sorted(FOLDER.glob("*.md")) if path not in wanted]


def write() -> None:
    """Makes docs/rules/ what it should be."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = dict(pages())
    for path in stale():
        if path in wanted:
            path.write_text(wanted[path], encoding="utf-8")
        else:
            path.unlink()


def main(arguments: list[str]) -> int:
    """Exit code 1 if `--check` finds a file that is not current."""
    if arguments != ["--check"]:
        write()
        return 0
    found = stale()
    for path in found:
        print(f"not current: {path.relative_to(FOLDER.parent.parent)} (`make docs` writes it)")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
