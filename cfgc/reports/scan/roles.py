"""A path, its format and its outline -> what a file is for: the first row that fits, content before names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from cfgc.external import regex
from cfgc.reports.scan.outline import Outline

Test: TypeAlias = Callable[[Outline], bool]


def _tops(*needed: str) -> Test:
    return lambda outline: all(name in outline.top for name in needed)


def _any_top(*names: str) -> Test:
    return lambda outline: any(name in outline.top for name in names)


def _of_list(*names: str) -> Test:
    """A list at the root, an item of which has one of the keys."""
    return lambda outline: (
        not outline.top
        and any(
            len(leaf.path) > 1 and leaf.path[0].isdigit() and leaf.path[1] in names for leaf in outline.leaves[:200]
        )
    )


def _is_sops(outline: Outline) -> bool:
    return "sops" in outline.top or "sops_mac" in outline.top


def _is_compose(outline: Outline) -> bool:
    return "services" in outline.top and any(
        len(leaf.path) > 2 and leaf.path[0] == "services" and leaf.path[2] in ("image", "build")
        for leaf in outline.leaves
    )


def _kind_is(*kinds: str) -> Test:
    return lambda outline: "apiVersion" in outline.top and any(kind in kinds for kind in outline.values("kind"))


def _is_openapi(outline: Outline) -> bool:
    return bool(outline.top.keys() & {"openapi", "swagger", "asyncapi"})


def _is_json_schema(outline: Outline) -> bool:
    return "$schema" in outline.top and any("json-schema.org" in text for text in outline.values("$schema"))


_BY_CONTENT: Final[tuple[tuple[str, tuple[str, ...], Test], ...]] = (
    ("secrets (SOPS)", ("yaml", "json", "dotenv", "ini"), _is_sops),
    ("sealed secret", ("yaml",), _kind_is("SealedSecret")),
    ("Kustomize configuration", ("yaml",), _kind_is("Kustomization", "Component")),
    ("Kubernetes manifest", ("yaml", "json"), _tops("apiVersion", "kind")),
    ("Compose file", ("yaml",), _is_compose),
    ("JSON Schema", ("json", "yaml"), _is_json_schema),
    ("API description", ("yaml", "json"), _is_openapi),
    ("CloudFormation template", ("yaml", "json"), _tops("AWSTemplateFormatVersion")),
    ("Ansible playbook", ("yaml",), _of_list("hosts", "import_playbook")),
)

_BY_PATH: Final = tuple(
    (role, f"(?:^|/)(?:{pattern})$")
    for role, pattern in (
        ("SOPS rules", r"\.sops\.ya?ml"),
        ("GitLab CI", r"\.gitlab-ci[\w.-]*\.ya?ml|[\w.-]+\.gitlab-ci\.ya?ml|\.gitlab/ci/.*\.ya?ml"),
        ("GitHub Actions workflow", r"\.github/workflows/[^/]+\.ya?ml"),
        ("GitHub action", r"action\.ya?ml"),
        ("GitHub configuration", r"\.github/.*\.ya?ml"),
        (
            "CI pipeline",
            r"\.circleci/config\.yml|\.travis\.yml|azure-pipelines[\w.-]*\.yml|bitbucket-pipelines\.yml|\.drone\.yml",
        ),
        ("Compose file", r"(?:docker-)?compose[\w.-]*\.ya?ml"),
        ("Helm chart", r"Chart\.(?:yaml|lock)|helmfile[\w.-]*\.ya?ml"),
        ("Kustomize configuration", r"kustomization\.ya?ml"),
        ("Ansible configuration", r"ansible\.cfg|(?:requirements|galaxy)\.yml|molecule/.*\.ya?ml"),
        ("Ansible variables", r"(?:group_vars|host_vars)/.*|roles/[^/]+/(?:vars|defaults)/.*\.ya?ml"),
        ("Ansible tasks", r"roles/[^/]+/(?:tasks|handlers|meta)/.*\.ya?ml"),
        ("Ansible template", r"roles/[^/]+/templates/.*"),
        ("Ansible inventory", r"(?:inventory|inventories)/.*|hosts\.(?:ini|ya?ml)"),
        ("Terraform variables", r"[\w.-]+\.(?:auto\.)?tfvars(?:\.json)?"),
        ("Terraform state", r"[\w.-]+\.tfstate(?:\.backup)?"),
        ("Terraform lock", r"\.terraform\.lock\.hcl"),
        ("Terraform configuration", r"[\w.-]+\.tf(?:\.json)?"),
        ("Terragrunt configuration", r"(?:terragrunt|root)\.hcl"),
        ("Packer template", r"[\w.-]+\.pkr(?:vars)?\.hcl"),
        (
            "lock file",
            r"(?:package-lock|npm-shrinkwrap|packages\.lock)\.json|(?:composer|Pipfile|flake|Cargo|poetry|uv)\.lock|pnpm-lock\.yaml",
        ),
        (
            "package manifest",
            r"package\.json|pyproject\.toml|setup\.cfg|Cargo\.toml|composer\.json|Pipfile|pom\.xml|go\.work",
        ),
        ("logging configuration", r"(?:log4j2?|logback|logging)[\w.-]*\.(?:xml|ya?ml|properties|json|ini|conf)"),
        (
            "application configuration",
            r"(?:application|bootstrap|appsettings)[\w.-]*\.(?:ya?ml|properties|json)|[Aa]pp\.config",
        ),
        ("web server configuration", r"web\.(?:config|xml)|nginx[\w.-]*\.conf"),
        ("monitoring configuration", r"(?:prometheus|alertmanager|grafana)[\w.-]*\.(?:ya?ml|ini)"),
        ("compiler settings", r"[tj]sconfig[\w.-]*\.json"),
        ("editor settings", r"\.vscode/.*|\.editorconfig|\.devcontainer(?:/.*)?(?:\.json)?|.*\.code-workspace"),
        ("systemd unit", r"[\w@.-]+\.(?:service|socket|timer|mount|network)"),
        ("project of cfgc", r"cfgc\.yaml"),
        ("configuration", r"\.(?:github|gitlab)/.*"),
        ("tool settings", r"\.[^/]+|\.[^/]+/.*|tox\.ini|mypy\.ini|pytest\.ini|renovate\.json"),
        ("tool settings", r"(?:nx|lerna|turbo|babel|jest|nodemon|biome|firebase|vercel|mkdocs)[\w.-]*\.(?:json|ya?ml)"),
    )
)
_ANY_PATH: Final = "|".join(pattern for _, pattern in _BY_PATH)
"""Most paths have none of these roles, which one search tells."""

_BY_FORMAT: Final = {
    "dotenv": "environment variables",
    "dockerfile": "Docker image",
    "pem": "PEM file",
    "age": "age file",
    "pgp": "PGP file",
    "vault": "vault file",
    "keystore": "key store",
    "hcl": "HCL configuration",
    "text": "text configuration",
}
_DEFAULT: Final = "configuration"


def role_of(path: str, format: str, outline: Outline | None, known: str = "") -> str:
    """What a file is for; `known` is what the files around it tell, which goes before names and after content."""
    if known == "Helm template":
        return known
    if outline is not None:
        for role, formats, fits in _BY_CONTENT:
            if format in formats and fits(outline):
                return role
        if format == "hcl" and (role := _of_hcl(path, outline)):
            return role
    if known or format == "dotenv":
        return known or _BY_FORMAT[format]
    if regex.search(_ANY_PATH, path):
        return next(role for role, pattern in _BY_PATH if regex.search(pattern, path))
    return _BY_FORMAT.get(format, _DEFAULT)


def _of_hcl(path: str, outline: Outline) -> str:
    blocks = [name for name in outline.top if name]
    if blocks == ["path"]:
        return "Vault policy"
    if "auto_auth" in blocks:
        return "Vault agent"
    if {"storage", "seal"} & set(blocks) and "listener" in blocks:
        return "Vault server"
    if "job" in blocks and not path.endswith(".tf"):
        return "Nomad job"
    return ""
