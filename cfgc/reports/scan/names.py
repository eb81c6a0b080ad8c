"""A path -> what may stand in it, by its name alone: a format of configuration, or a language of code."""

from __future__ import annotations

import re
from collections.abc import Collection
from posixpath import basename, dirname
from typing import Final, NamedTuple

from cfgc.reports.scan.code import LANGUAGES

_SUFFIXES: Final = {
    **dict.fromkeys(("yaml", "yml"), "yaml"),
    **dict.fromkeys(("json", "webmanifest", "tfstate", "sops"), "json"),
    **dict.fromkeys(("jsonc", "code-workspace"), "jsonc"),
    "json5": "json5",
    "toml": "toml",
    **dict.fromkeys(("ini", "cfg", "cnf", "editorconfig", "service", "socket", "timer", "mount", "network"), "ini"),
    "properties": "properties",
    "env": "dotenv",
    **dict.fromkeys(("tf", "tfvars", "hcl", "nomad"), "hcl"),
    **dict.fromkeys(("xml", "plist"), "xml"),
    "config": "config",
    **dict.fromkeys(("dockerfile", "containerfile"), "dockerfile"),
    **dict.fromkeys(("pem", "crt", "cer", "key", "p8", "ppk"), "pem"),
    **dict.fromkeys(("age", "agekey"), "age"),
    **dict.fromkeys(("gpg", "asc", "pgp"), "pgp"),
    "vault": "vault",
    **dict.fromkeys(("p12", "pfx", "jks", "keystore", "kdbx"), "keystore"),
    **dict.fromkeys(("conf", "htpasswd"), "text"),
}
_NAMES: Final = {
    **dict.fromkeys((".npmrc", ".yarnrc", ".pypirc", ".gitconfig", ".gitmodules", ".flake8", ".coveragerc"), "ini"),
    **dict.fromkeys((".pylintrc", "pip.conf", ".editorconfig", "ansible.cfg", ".s3cfg", ".boto", ".my.cnf"), "ini"),
    **dict.fromkeys((".babelrc", ".eslintrc", ".prettierrc", ".stylelintrc", ".swcrc", ".jshintrc"), "rc"),
    **dict.fromkeys((".yamllint", ".clang-format", ".clang-tidy"), "yaml"),
    **dict.fromkeys(("Pipfile", "poetry.lock", "Cargo.lock", "uv.lock"), "toml"),
    **dict.fromkeys(("Pipfile.lock", "composer.lock", ".dockerconfigjson", "flake.lock"), "json"),
    **dict.fromkeys(("Dockerfile", "Containerfile"), "dockerfile"),
    **dict.fromkeys(("id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"), "pem"),
    **dict.fromkeys((".netrc", "_netrc", ".pgpass", ".htpasswd", ".vault_pass", ".vault-token"), "text"),
    "keys.txt": "age",
}
_CODE: Final = {
    "go": "go",
    **dict.fromkeys(("py", "pyi"), "python"),
    **dict.fromkeys(("ts", "mts", "cts"), "typescript"),
    "tsx": "tsx",
    **dict.fromkeys(("js", "jsx", "mjs", "cjs"), "javascript"),
    "java": "java",
    "rs": "rust",
}
_COMMENTED: Final = re.compile(
    r"(?:^|/)(?:(?:tsconfig|jsconfig)[\w.-]*\.json|\.vscode/[^/]+\.json|\.devcontainer(?:/.*)?/?devcontainer\.json|"
    r"\.devcontainer\.json|api-extractor[\w.-]*\.json|language-configuration\.json|deno\.json|renovate\.json|"
    r"\.(?:eslintrc|jshintrc|babelrc|swcrc)(?:\.json)?|tsdoc-metadata\.json)$"
)
"""JSON that by convention may have comments"""
_ANSIBLE: Final = re.compile(
    r"(?:^|/)(?:(?P<variables>(?:group_vars|host_vars)/[^.]+)|inventor(?:y|ies)/(?:[^.]+/)*hosts)$"
)
"""Files of Ansible that have no ending: variables are YAML, lists of hosts are INI"""
_DOTENV: Final = re.compile(r"\.env(?:\.[\w.-]+)?|[\w.-]+\.env|env\.(?:example|sample|template|dist)")
_DOCKERFILE: Final = re.compile(r"(?:Dockerfile|Containerfile)[._-][\w.-]+")
_TEMPLATE: Final = re.compile(
    r"\.(?:j2|jinja2?|tmpl|tpl|gotmpl|gohtml|ctmpl|tftpl|erb|mustache|hbs|epp|njk|liquid|in)$"
)
_PROSE: Final = re.compile(r"\.(?:html?|css|s?css|jsx?|tsx?|md|rst|adoc|svg|tex|sql|go|py|java|rs|php|rb)$")
"""what a template may make that is no configuration"""
_SAMPLE: Final = re.compile(r"\.(?:example|sample|dist|template|default|defaults|bak|orig)$")
assert set(_CODE.values()) == set(LANGUAGES)

_SKIPPED: Final = re.compile(
    r"\.(?:git|hg|svn|jj|venv|tox|nox|\w+_cache|cache|terraform|terragrunt-cache|gradle|m2|idea|next|nuxt|svelte-kit|parts|"
    r"eggs|hypothesis)|node_modules|bower_components|venv|__pycache__|dist|build|target|out|coverage|vendor|site-packages"
)


def is_built(folder: str) -> bool:
    """Whether a folder of this name holds what was made or fetched; Git knows better, where there is a repository."""
    return bool(_SKIPPED.fullmatch(folder))


class Around(NamedTuple):
    """What other paths tell of a path: the folders of Helm charts, and those of projects of cfgc."""

    charts: frozenset[str] = frozenset()
    projects: frozenset[str] = frozenset()

    def role(self, path: str) -> str:
        """What a path is in a chart or a project of cfgc that it lies in; empty where it lies in none of them."""
        if _below_templates(path, self.charts):
            return "Helm template"
        if dirname(path) in self.charts and _VALUES.fullmatch(basename(path)):
            return "Helm values"
        for project in self.projects:
            inside = path.removeprefix(f"{project}/") if project else path
            if (inside != path or not project) and (folder := inside.partition("/")[0]) in _OF_PROJECTS:
                return _OF_PROJECTS[folder]
        return ""


_VALUES: Final = re.compile(r"values[\w.-]*\.(?:ya?ml|json)")
_OF_PROJECTS: Final = {
    "environments": "layer of cfgc",
    "policies": "policy of cfgc",
    "schemas": "schema of cfgc",
    "templates": "template of cfgc",
}


NOWHERE: Final = Around()


class Candidate(NamedTuple):
    """What a name promises: a format, of a `template` that of what it becomes, or a language of `code`."""

    format: str
    code: bool = False
    template: bool = False
    sample: bool = False


def candidate(path: str, around: Around = NOWHERE) -> Candidate | None:
    """What a path may hold; none for what is no configuration."""
    name = basename(path)
    template, sample = bool(_TEMPLATE.search(name)), bool(_SAMPLE.search(name))
    while bare := _SAMPLE.sub("", _TEMPLATE.sub("", name)):
        if bare == name:
            break
        name = bare
    promised = _format(name, f"{dirname(path)}/{name}".lstrip("/"))
    in_chart = _below_templates(path, around.charts)
    if promised is None and template and not _PROSE.search(name) and (in_chart or not path.endswith(".in")):
        promised = "text"
    if promised is not None:
        return Candidate(promised, template=template or in_chart, sample=sample)
    language = _CODE.get(name.rpartition(".")[2]) if "." in name else None
    return Candidate(language, code=True) if language and not template and not sample else None


def _format(name: str, path: str) -> str | None:
    if _DOTENV.fullmatch(name):
        return "dotenv"
    if name in _NAMES:
        return _NAMES[name]
    if _DOCKERFILE.fullmatch(name):
        return "dockerfile"
    if _COMMENTED.search(path):
        return "jsonc"
    if "." in name:
        return _SUFFIXES.get(name.rpartition(".")[2].lower())
    found = _ANSIBLE.search(path)
    return ("yaml" if found["variables"] else "ini") if found else None


def _below_templates(path: str, charts: Collection[str]) -> bool:
    """Whether a path lies in the `templates/` of a chart."""
    before, found, _ = f"/{path}".rpartition("/templates/")
    while found:
        if before.removeprefix("/") in charts:
            return True
        before, found, _ = before.rpartition("/templates/")
    return False
