"""The doors of the house, held by reading its source: who may see a plain secret, start a process, swallow a crash.

A guard that nobody notices when it is gone is none, so every rule here is also shown a source that breaks it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

REVEALING = {
    "cfgc/stages/resolve/compose.py": "text around a secret becomes a secret with that text",
    "cfgc/stages/render/plain.py": "hands plain data to the emitters, once revealed and once sealed",
    "cfgc/stages/render/template/reads.py": "the values that a template of a revealed render sees, in the child",
    "cfgc/stages/check/schema/engines/plain.py": "`render` checks all keywords on the plain values",
    "cfgc/stages/check/policy/cel/leaves.py": "`render` evaluates policies on the plain values",
}
"""Module -> why it asks for plain values. Whoever adds one says why, and proves in a test that nothing leaks there."""

PRINTING = {"cfgc/pipeline/printing.py": "`show`, `why` and `--reveal`: masked unless the user asks"}
"""Modules outside of `stages/render` that take the data which `plain.py` made."""

STARTING = {
    "cfgc/external/process.py": {"subprocess"},
    "cfgc/external/guard.py": {"subprocess"},
    "cfgc/external/capped.py": {"fork"},
    "cfgc/external/workers.py": {"fork"},
}
"""The doors to other processes: what each may use."""

CATCHING = {"cfgc/cli/app.py", "cfgc/external/capped.py"}
"""Where a bug ends: in exit code 3, and in the exit code of a child."""

_PROCESS_MODULES = {"subprocess", "multiprocessing", "pty", "concurrent.futures.process"}
_PROCESS_CALLS = {"fork", "forkpty", "system", "popen", "startfile", "posix_spawn", "posix_spawnp"}
_FORBIDDEN_MODULES = {"pickle", "cPickle", "dill", "marshal", "shelve", "socket", "http", "urllib.request", "requests"}
_FORBIDDEN_CALLS = {"print", "eval", "exec", "breakpoint", "__import__"}


def modules() -> dict[str, ast.Module]:
    """Every module of cfgc by its path."""
    files = sorted((ROOT / "cfgc").rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in files}


SOURCES = modules()


def imported(tree: ast.AST) -> Iterator[str]:
    """Every module and name that a source imports, dotted, wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imports(tree: ast.AST, names: set[str]) -> set[str]:
    """Those of some modules that a source imports, or anything below them."""
    return {name for name in names for found in imported(tree) if found == name or found.startswith(f"{name}.")}


def called(tree: ast.AST) -> Iterator[str]:
    """The last name of everything that is called: `os.fork()` -> `fork`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, (ast.Name, ast.Attribute)):
                yield function.id if isinstance(function, ast.Name) else function.attr


def built_in(tree: ast.AST) -> set[str]:
    """The bare names that are called: `print(x)`, not `console.print(x)`."""
    return {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}


def starts(tree: ast.AST) -> set[str]:
    """What a source uses to start processes."""
    calls = {name for name in called(tree) if name in _PROCESS_CALLS or name.startswith(("exec", "spawn"))}
    return imports(tree, _PROCESS_MODULES) | (calls - {"exec"})


def reaches_into_secrets(tree: ast.AST) -> bool:
    """Whether a source touches the slot of a secret on something else than itself."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == "_plain"
        and not (isinstance(node.value, ast.Name) and node.value.id == "self")
        for node in ast.walk(tree)
    )


def swallows(tree: ast.AST) -> Iterator[int]:
    """The lines of handlers that take every exception and do not raise it again."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and _takes_everything(node.type):
            last = node.body[-1]
            if not (isinstance(last, ast.Raise) and last.exc is None):
                yield node.lineno


def _takes_everything(kind: ast.expr | None) -> bool:
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(
        each is None or (isinstance(each, ast.Name) and each.id in ("Exception", "BaseException")) for each in kinds
    )


def names_exception(tree: ast.AST) -> bool:
    return any(
        isinstance(node, ast.ExceptHandler) and node.type is not None and "Exception" in _words(node.type)
        for node in ast.walk(tree)
    )


def _words(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def test_who_asks_for_plain_values_is_listed_with_a_reason() -> None:
    asking = {path for path, tree in SOURCES.items() if imports(tree, {"cfgc.model.reveal"})}
    assert asking == set(REVEALING)


def test_who_takes_plain_data_from_the_render_stage_is_listed() -> None:
    taking = {path for path, tree in SOURCES.items() if imports(tree, {"cfgc.stages.render.plain"})}
    assert {path for path in taking if not path.startswith("cfgc/stages/render/")} == set(PRINTING)


def test_nobody_reaches_around_the_door() -> None:
    reaching = {path for path, tree in SOURCES.items() if reaches_into_secrets(tree)}
    assert reaching == {"cfgc/model/reveal.py"}


def test_processes_start_in_the_doors_only() -> None:
    found = {path: starts(tree) for path, tree in SOURCES.items() if starts(tree)}
    assert found == STARTING


def test_x09_no_pickle_no_network_no_code_from_text() -> None:
    assert {
        path: imports(tree, _FORBIDDEN_MODULES) for path, tree in SOURCES.items() if imports(tree, _FORBIDDEN_MODULES)
    } == {}
    assert {path for path, tree in SOURCES.items() if _FORBIDDEN_CALLS & built_in(tree)} == set()


def test_bugs_end_in_two_places() -> None:
    """And the capped child, of its work; both tell types and places alone."""
    assert [path for path, tree in SOURCES.items() if names_exception(tree)] == []
    assert {path for path, tree in SOURCES.items() if list(swallows(tree))} == CATCHING


BREAKS: dict[str, tuple[Callable[[ast.AST], object], str]] = {
    "reveal": (lambda tree: imports(tree, {"cfgc.model.reveal"}), "from cfgc.model.reveal import plain_value"),
    "reveal by module": (lambda tree: imports(tree, {"cfgc.model.reveal"}), "from cfgc.model import reveal"),
    "reveal in a function": (lambda tree: imports(tree, {"cfgc.model.reveal"}), "def f():\n import cfgc.model.reveal"),
    "slot": (reaches_into_secrets, "secret._plain"),
    "subprocess": (starts, "def f():\n from subprocess import run"),
    "fork": (starts, "import os\nos.fork()"),
    "execv": (starts, "import os\nos.execv('x', [])"),
    "pickle": (lambda tree: imports(tree, _FORBIDDEN_MODULES), "from pickle import loads"),
    "socket": (lambda tree: imports(tree, _FORBIDDEN_MODULES), "import http.client"),
    "print": (lambda tree: _FORBIDDEN_CALLS & built_in(tree), "print(1)"),
    "except Exception": (names_exception, "try: pass\nexcept (ValueError, Exception): raise"),
    "bare except": (lambda tree: list(swallows(tree)), "try: pass\nexcept: pass"),
    "base exception": (
        lambda tree: list(swallows(tree)),
        "try: pass\nexcept BaseException as e: raise ValueError from e",
    ),
}


@pytest.mark.parametrize("case", BREAKS)
def test_each_rule_sees_the_source_that_breaks_it(case: str) -> None:
    rule, source = BREAKS[case]
    assert rule(ast.parse(source))
    assert not rule(
        ast.parse("import os\nos.getcwd()\ntry: pass\nexcept ValueError: pass\nexcept BaseException: raise")
    )
