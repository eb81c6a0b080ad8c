"""A tree with a file of every format: path -> content, role, state."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import NamedTuple

from cfgc.reports.scan.inventory import State


class Leaf(NamedTuple):
    """A file, and what it is told to be."""

    content: str
    format: str
    role: str
    state: State = "ok"


_SOPS = "sops:\n  mac: ENC[AES256_GCM,data:YQ==,iv:YQ==,tag:YQ==,type:str]\n  age: [{recipient: age1x, enc: x}]\n"
_CERTIFICATE = f"-----BEGIN CERTIFICATE-----\n{b64encode(bytes(30)).decode()}\n-----END CERTIFICATE-----\n"

TREE: dict[str, Leaf] = {
    "settings.yaml": Leaf("a: 1\nb: [x, {c: d}]\n", "yaml", "configuration"),
    "data.json": Leaf('{"a": {"b": [1, true, null]}}', "json", "configuration"),
    "tsconfig.json": Leaf('{ // strict\n  "a": 1, }', "jsonc", "compiler settings"),
    "app.json5": Leaf("{a: 'x', b: +.5,}", "json5", "configuration"),
    "app.toml": Leaf('a = 1\n[b]\nc = "x"\n', "toml", "configuration"),
    "app.ini": Leaf("[a]\nb = c\n", "ini", "configuration"),
    "app.properties": Leaf("a.b=c\\\n  d\n", "properties", "configuration"),
    "application.properties": Leaf("a.b=${HOME_DIR}\n", "properties", "application configuration"),
    ".env": Leaf("PORT=1\nHOST=$NAME\n", "dotenv", "environment variables"),
    ".env.example": Leaf("PORT=\n", "dotenv", "environment variables, sample"),
    "main.tf": Leaf(
        'variable "region" {\n  default = "eu"\n}\noutput "a" { value = var.zone }\n', "hcl", "Terraform configuration"
    ),
    "prod.tfvars": Leaf('region = "us"\n', "hcl", "Terraform variables"),
    "agent.hcl": Leaf('path "secret/data/shop" {\n  capabilities = ["read"]\n}\n', "hcl", "Vault policy"),
    "log4j2.xml": Leaf('<Configuration><A b="c"/></Configuration>', "xml", "logging configuration"),
    "web.config": Leaf("<configuration/>", "xml", "web server configuration"),
    "Dockerfile": Leaf("FROM a:1\nENV A=1 B=2\nARG C\nRUN x \\\n  y\n", "dockerfile", "Docker image"),
    "compose.yaml": Leaf(
        "services:\n  a:\n    image: a:${TAG:-1}\n    environment: {LEVEL: info}\n", "yaml", "Compose file"
    ),
    "k8s/deployment.yaml": Leaf(
        "apiVersion: apps/v1\nkind: Deployment\nspec:\n  containers:\n  - env:\n    - name: POD\n      value: x\n"
        "---\napiVersion: v1\nkind: Service\n",
        "yaml",
        "Kubernetes manifest",
    ),
    "k8s/kustomization.yaml": Leaf("resources: [deployment.yaml]\n", "yaml", "Kustomize configuration"),
    "chart/Chart.yaml": Leaf("apiVersion: v2\nname: shop\nversion: 1.0.0\n", "yaml", "Helm chart"),
    "chart/values.yaml": Leaf("replicas: 1\n", "yaml", "Helm values"),
    "chart/templates/a.yaml": Leaf(
        "apiVersion: v1\n{{- if .Values.replicas }}\nkind: {{ .Values.kind }}\n{{- end }}\n",
        "yaml",
        "Helm template",
        "template",
    ),
    "site.yml": Leaf("- hosts: all\n  roles: [web]\n", "yaml", "Ansible playbook"),
    "roles/web/tasks/main.yml": Leaf('- name: a\n  debug: {msg: "{{ x }}"}\n', "yaml", "Ansible tasks"),
    "group_vars/all.yml": Leaf("password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  30\n", "yaml", "Ansible variables"),
    "group_vars/vault.yml": Leaf("$ANSIBLE_VAULT;1.1;AES256\n3031\n", "yaml", "secrets (Ansible Vault)", "encrypted"),
    "ansible.cfg": Leaf("[defaults]\nforks = 5\n", "ini", "Ansible configuration"),
    ".gitlab-ci.yml": Leaf("variables: {A: b}\nj: {script: [!reference [a, b], 'echo $CI_X']}\n", "yaml", "GitLab CI"),
    ".github/workflows/ci.yml": Leaf(
        "on: push\nenv: {A: b}\njobs: {a: {steps: [{run: 'x ${{ secrets.TOKEN }}'}]}}\n",
        "yaml",
        "GitHub Actions workflow",
    ),
    ".sops.yaml": Leaf("creation_rules: []\n", "yaml", "SOPS rules"),
    "secrets.sops.yaml": Leaf(
        f"a: ENC[AES256_GCM,data:YQ==,iv:YQ==,tag:YQ==,type:str]\n{_SOPS}", "yaml", "secrets (SOPS)"
    ),
    "backup.age": Leaf("age-encryption.org/v1\n-> X25519 x\n", "age", "secrets (age)", "encrypted"),
    "server.pem": Leaf(_CERTIFICATE, "pem", "certificate"),
    "server.pub.pem": Leaf(_CERTIFICATE.replace("CERTIFICATE", "PUBLIC KEY"), "pem", "public key"),
    "server.key": Leaf(
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nYQ==\n-----END ENCRYPTED PRIVATE KEY-----\n",
        "pem",
        "private key",
        "encrypted",
    ),
    "request.pem": Leaf(_CERTIFICATE.replace("CERTIFICATE", "CERTIFICATE REQUEST"), "pem", "certificate request"),
    "license.key": Leaf("of no form\n", "pem", "PEM file", "not-checked"),
    "nginx.conf": Leaf("server { listen 80; }\n", "text", "web server configuration", "not-checked"),
    "app.service": Leaf("[Service]\nExecStart=/bin/a\n", "ini", "systemd unit"),
    "package.json": Leaf('{"name": "a"}', "json", "package manifest"),
    "a.schema.json": Leaf('{"$schema": "https://json-schema.org/draft/2020-12/schema"}', "json", "JSON Schema"),
    "app.yaml.j2": Leaf("{% if tls %}\na: {{ port }}\n{% endif %}\n", "yaml", "configuration", "template"),
    "odd.yaml": Leaf("a: {{ port }}\nb: {% x %}\n", "yaml", "configuration", "template"),
    "steered.ini": Leaf("[a]\n{% if x %}\nb={{ y }}\n{% endif %}\n", "ini", "configuration", "template"),
    "go.yaml": Leaf("{{- if .x }}\na: 1\n{{- end }}\n", "yaml", "configuration", "template"),
    "quoted.yaml": Leaf('a: "{{ port }}"\n', "yaml", "configuration"),
    "mentions.yaml": Leaf("# {{ port }} is put in by the deployment\na: [1\n", "yaml", "configuration", "broken"),
    "beside.yaml": Leaf('a: "{{ port }}"\nb: [\n', "yaml", "configuration", "broken"),
    "blank.yaml": Leaf("# nothing yet\n", "yaml", "configuration"),
    "blank.json": Leaf("\n", "json", "configuration", "broken"),
    "blank.xml": Leaf("", "xml", "configuration", "broken"),
    "alias.yaml": Leaf("a: 1\nb: *a\n", "yaml", "configuration", "broken"),
    "cut.pem": Leaf("-----BEGIN CERTIFICATE-----\nYQ==\n", "pem", "certificate", "broken"),
    "mixed.pem": Leaf(_CERTIFICATE.replace("END CERTIFICATE", "END KEY"), "pem", "certificate", "broken"),
    "many.env": Leaf("# all\nexport A='a\nb' # c\nB: x\nC\n\nD=\"x\"'y'\n", "dotenv", "environment variables"),
    "big5.xml": Leaf('<?xml version="1.0" encoding="Big5"?><a/>', "xml", "configuration"),
    "nan.toml": Leaf("a = nan\n", "toml", "configuration"),
    "twice.toml": Leaf("a = 1\na = 2\n", "toml", "configuration", "broken"),
    "terragrunt.hcl": Leaf('a = get_env("TG_VAR", "x")\n', "hcl", "Terragrunt configuration"),
    "server.hcl": Leaf('storage "raft" {}\nlistener "tcp" {}\n', "hcl", "Vault server"),
    "roles/web/templates/a.conf.j2": Leaf("a={{ b }}\n", "text", "Ansible template", "template"),
    "group_vars/web": Leaf("a: 1\n", "yaml", "Ansible variables"),
    "inventory/hosts": Leaf("[web]\nh1 ansible_host=h1.test\n", "ini", "Ansible inventory"),
    "tsdoc-metadata.json": Leaf('// made by a tool\n{"a": 1}', "jsonc", "configuration"),
    "broken.yaml": Leaf("a: 1\nb: [\n", "yaml", "configuration", "broken"),
    "twice.yaml": Leaf("a: 1\na: 2\n", "yaml", "configuration", "broken"),
    "broken.json": Leaf('{"a": 1,\n "b": }', "json", "configuration", "broken"),
    "commented.json": Leaf('{"a": 1 // no\n}', "json", "configuration", "broken"),
    "broken.toml": Leaf("a = 1\nb = \n", "toml", "configuration", "broken"),
    "broken.env": Leaf("A=1\nno variable\n", "dotenv", "environment variables", "broken"),
    "broken.tf": Leaf('a = 1\nresource "x" {\n', "hcl", "Terraform configuration", "broken"),
    "broken.xml": Leaf("<a>\n<b></a>", "xml", "configuration", "broken"),
    "entities.xml": Leaf('<!DOCTYPE a [<!ENTITY b "c">]>\n<a x="1">&b;</a>', "xml", "configuration"),
    "broken.properties": Leaf("a=\\u12\n", "properties", "configuration", "broken"),
    "broken.ini": Leaf("a = 1\n[b\n", "ini", "configuration", "broken"),
    "broken.dockerfile": Leaf("FROM a\nFROB b\n", "dockerfile", "Docker image", "broken"),
    "config.go": Leaf('package a\n\ntype C struct {\n\tA int `yaml:"a"`\n}\n', "go", "source code"),
    "settings.py": Leaf("import os\nX = os.environ['APP_X']\n", "python", "source code"),
}
PROBLEMS: dict[str, tuple[int, int]] = {
    "mentions.yaml": (3, 1),
    "beside.yaml": (3, 1),
    "alias.yaml": (2, 4),
    "blank.json": (2, 1),
    "blank.xml": (1, 1),
    "cut.pem": (3, 1),
    "mixed.pem": (3, 1),
    "twice.toml": (2, 1),
    "broken.yaml": (3, 1),
    "twice.yaml": (2, 1),
    "broken.json": (2, 7),
    "commented.json": (1, 9),
    "broken.toml": (2, 5),
    "broken.env": (2, 1),
    "broken.tf": (3, 1),
    "broken.xml": (2, 6),
    "broken.properties": (1, 1),
    "broken.ini": (2, 1),
    "broken.dockerfile": (2, 1),
}
"""Where each broken file is broken first: line, column."""


def write(folder: Path) -> None:
    """Make the tree below a folder, and prose beside it that is no configuration."""
    files = {name: leaf.content for name, leaf in TREE.items()}
    for name, content in {
        **files,
        "README.md": "# a\n",
        "main.go": "package a\n",
        "a.txt": "a: b\n",
        "keys.txt": "of a door\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
