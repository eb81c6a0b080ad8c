"""Under which names a Python source knows the environment, and the functions that read from it."""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.reports.scan.grammar import Node, matches, text_of

_QUERY = """
(import_from_statement module_name: (dotted_name) @module name: (_) @name)
(import_statement name: (aliased_import name: (dotted_name) @module alias: (identifier) @alias))
(assignment left: (identifier) @made right: (call function: (_) @class)
  (#any-of? @class "Env" "environ.Env" "environs.Env" "environ.FileAwareEnv"))
"""
_METHODS = ("get", "pop", "setdefault")
_CASTS = ("", ".str", ".int", ".bool", ".float", ".list", ".dict", ".json", ".url", ".path", ".db")


class Names:
    """What `os.environ` is called (`environments`), and every function whose first argument is a variable."""

    def __init__(self, root: Node, language: str) -> None:
        modules, self._casting, self._plain = {"os"}, set[str](), set[str]()
        self.environments: set[str] = set()
        for match in matches(root, language, _QUERY):
            if "alias" in match and text_of(match["module"][0]) == "os":
                modules.add(text_of(match["alias"][0]))
            elif "made" in match:
                self._casting.add(text_of(match["made"][0]))
            elif "name" in match:
                self._imported(text_of(match["module"][0]), match["name"][0])
        self.environments |= {f"{module}.{name}" for module in modules for name in ("environ", "environb")}
        self._plain |= {f"{module}.{name}" for module in modules for name in ("getenv", "getenvb")}
        self.functions = set(self._functions())

    def _imported(self, module: str, name: Node) -> None:
        original = text_of(name.child_by_field_name("name") or name)
        local = text_of(name.child_by_field_name("alias") or name)
        if module == "os" and original in ("environ", "environb"):
            self.environments.add(local)
        elif (module, original) in (("os", "getenv"), ("os", "getenvb"), ("decouple", "config")):
            self._plain.add(local)

    def _functions(self) -> Iterator[str]:
        yield from self._plain
        yield from (f"{name}.{method}" for name in self.environments for method in _METHODS)
        yield from (f"{name}{cast}" for name in self._casting for cast in _CASTS)
