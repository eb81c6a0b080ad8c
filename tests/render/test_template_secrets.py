"""Secrets in templates: whose they are, what the artifact is, and its sealed form (SPEC section 6, THREATS J08)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cfgc.model.values import Secret
from cfgc.stages.render import Job, render
from tests.render.world import WEB, context, fault, output, secret, shown, templated, unknown, web

CANARY = "c4n4ry-Pa55word"
TOKEN = "ENC[AES256_GCM,data:Zm9v,iv:aXY=,tag:dGFn,type:str]"
PASSWORD = Secret(TOKEN, "string", CANARY)
CONFIG = {
    "pw": PASSWORD,
    "user": "ann",
    "users": [{"name": "ann", "pw": PASSWORD}],
    "port": Secret("ENC[p]", "integer", 5432),
}
DIGEST = re.compile(r"cfgc-sealed-template:1 sha256:[0-9a-f]{64}\n")

PRINTED = {
    "alone": ("{{ config.user }}:{{ config.pw }}@", f"ann:{CANARY}@", f"ann:{TOKEN}@"),
    "loop": ("{% for u in config.users %}{{ u.name }}={{ u.pw }};{% endfor %}", f"ann={CANARY};", f"ann={TOKEN};"),
    "macro": ("{% macro m(x) %}[{{ x }}]{% endmacro %}{{ m(config.pw) }}", f"[{CANARY}]", f"[{TOKEN}]"),
    "call": ("{% macro m() %}<{{ caller() }}>{% endmacro %}{% call m() %}{{ config.pw }}{% endcall %}",
             f"<{CANARY}>", f"<{TOKEN}>"),
    "set": ("{% set x %}-{{ config.pw }}-{% endset %}{{ x }}", f"-{CANARY}-", f"-{TOKEN}-"),
    "variable": ("{% set x = config.pw %}{{ x }}", CANARY, TOKEN),
    "block": ("{% block b %}{{ config.pw }}{% endblock %}{{ self.b() }}", CANARY * 2, TOKEN * 2),
    "include": ("{% include 'i.j2' %}", CANARY, TOKEN),
    "defined": ("{% if config.pw is defined %}y{% endif %}{{ config.pw }}", "y" + CANARY, "y" + TOKEN),
    "first": ("{{ [config.pw] | first }}", CANARY, TOKEN),
    "number": ("{{ config.port }}", "5432", "ENC[p]"),
}  # fmt: skip


@pytest.mark.parametrize("case", PRINTED)
def test_section_6_a_printed_secret_is_its_token_in_the_sealed_form(case: str) -> None:
    source, revealed, sealed = PRINTED[case]
    templates = {"i.j2": "{{ config.pw }}"}
    artifact, found = templated(source, CONFIG, templates=templates)
    assert artifact is not None, [one.message for one in found]
    assert artifact.secret
    assert (artifact.content.decode(), artifact.sealed.decode()) == (revealed, sealed)
    without_key, _ = templated(source, CONFIG, templates=templates, sealed=True)
    assert without_key is not None
    assert (without_key.secret, without_key.content) == (True, artifact.sealed)


USED = [
    "{{ config.pw | upper }}", "{{ config.pw | length }}", "{{ config.pw ~ 'x' }}", "{{ 'x' ~ config.pw }}",
    "{{ config.pw + 'x' }}",
    "{{ 'x' + config.pw }}", "{{ config.pw * 2 }}", "{{ config.pw[0] }}", "{{ config.pw[1:3] }}",
    "{{ config.pw | b64encode }}",
    "{{ config.pw | json }}", "{{ config | json }}", "{{ config.users | yaml }}", "{{ config.pw == 'x' }}",
    "{{ 'x' == config.pw }}",
    "{{ config.pw is string }}", "{{ config.pw is none }}", "{{ config.pw is sameas config.user }}",
    "{{ 'a' in config.pw }}", "{{ config.pw in 'abc' }}",
    "{{ config.pw in ['a'] }}", "{% if config.pw %}y{% endif %}", "{{ 'a' if config.pw else 'b' }}",
    "{{ not config.pw }}", "{{ config.pw and 1 }}",
    "{% for c in config.pw %}{{ c }}{% endfor %}", "{{ config.pw.upper() }}", "{{ config.pw.startswith('c') }}",
    "{{ 'abc'.replace('a', config.pw) }}",
    "{{ [config.pw, 'x'] | join(',') }}", "{{ 'a,b' | replace('a', config.pw) }}",
    "{{ [config.pw] | sort | first ~ 'x' }}", "{{ [config.pw, 'a'] | min }}",
    "{{ [config.pw, 'a'] | unique | list | length }}", "{% set x %}{{ config.pw }}{% endset %}{{ x | upper }}",
    "{% filter upper %}{{ config.pw }}{% endfilter %}",
    "{% macro m() %}{{ config.pw }}{% endmacro %}{{ m() | length }}", "{{ config.pw | default('x') }}",
    "{{ config.port + 1 }}", "{{ config.port > 1 }}",
    "{{ -config.port }}", "{{ range(2) | join(config.pw) }}", "{{ config.users | map(attribute='pw') | join }}",
    "{{ 'x'[:config.port] }}",
    "{{ config.users | selectattr('pw') | list | length }}", "{{ config.port | int }}", "{{ config.port % 2 }}",
    "{{ 5 ** (config.port - 5430) }}",
    "{{ {'a': 1}[config.pw] is defined }}", "{{ config.pw | trim | indent }}", "{{ range(config.port) | length }}",
]  # fmt: skip


@pytest.mark.parametrize("source", USED)
def test_section_6_any_other_use_makes_the_sealed_form_a_digest(source: str) -> None:
    artifact, found = templated(source, CONFIG)
    assert artifact is not None, [one.message for one in found]
    assert artifact.secret
    assert DIGEST.fullmatch(artifact.sealed.decode())
    without_key, found = templated(source, CONFIG, sealed=True)
    assert without_key is not None, [one.message for one in found]
    assert (without_key.secret, without_key.content) == (True, artifact.sealed)


def digest(source: str = "{{ config.pw | upper }}", config: Any = None, **more: Any) -> bytes:
    artifact, _ = templated(source, config or {"pw": PASSWORD, "x": 1}, **more)
    assert artifact is not None
    return artifact.sealed


def test_section_6_the_digest_is_over_text_public_inputs_and_tokens() -> None:
    same = digest()
    assert digest(config={"pw": Secret(TOKEN, "string", "another value"), "x": 1}) == same
    changed = [
        digest("{{ config.pw | upper }} "),
        digest(config={"pw": Secret("ENC[other]", "string", CANARY), "x": 1}),
        digest(config={"pw": PASSWORD, "x": 2}),
        digest(config={"pw": PASSWORD, "x": True}),
        digest(config={"pw": PASSWORD, "x": 1, "y": unknown("$Y")}),
        digest("{% include 'i.j2' %}", templates={"i.j2": "{{ config.pw | upper }}"}),
        digest("{% include 'i.j2' %}", templates={"i.j2": "{{ config.pw | lower }}"}),
    ]
    assert len({same, *changed}) == len(changed) + 1


@pytest.mark.parametrize(
    "change",
    [{"environment": "test"}, {"labels": {"tier": "prod", "region": "us"}}, {"labels": {}}],
    ids=["environment", "label", "no label"],
)
def test_section_6_the_digest_is_over_every_public_input(change: dict[str, Any]) -> None:
    """Each may decide what a template writes."""
    job = Job(WEB, output(template="t.j2"))
    world = context(web({"pw": PASSWORD}), templates={"t.j2": "{{ config.pw | upper }}"})
    sealed = [render([job], one)[0][0].sealed for one in (world, world._replace(**change))]
    assert sealed[0] != sealed[1]


def test_section_6_the_digest_is_over_the_component() -> None:
    tree = {"managers": {"web": {"pw": PASSWORD}, "api": {"pw": PASSWORD}}}
    world = context(tree, templates={"t.j2": "{{ component }}{{ config.pw | upper }}"})
    jobs = [Job(("managers", name), output(template="t.j2")) for name in ("web", "api")]
    one, other = render(jobs, world)[0]
    assert one.sealed != other.sealed


def test_section_6_the_digest_is_over_the_tree_only_where_a_template_names_it() -> None:
    def of(source: str, other: int) -> bytes:
        tree = {"managers": {"web": {"pw": PASSWORD}, "api": {"x": other}}}
        return digest(source, tree=tree, templates={"i.j2": "{{ tree.managers.api.x }}"})

    assert of("{{ config.pw | upper }}", 1) == of("{{ config.pw | upper }}", 2)
    assert of("{{ config.pw | upper }}{{ tree.managers.api.x }}", 1) != of(
        "{{ config.pw | upper }}{{ tree.managers.api.x }}", 2
    )
    assert of("{{ config.pw | upper }}{% include 'i.j2' %}", 1) != of("{{ config.pw | upper }}{% include 'i.j2' %}", 2)


def test_section_6_no_plain_hash_of_a_secret() -> None:
    import hashlib

    sealed = digest("{{ config.pw | lower }}").decode()
    for guess in (CANARY, CANARY.lower(), CANARY.upper()):
        assert hashlib.sha256(guess.encode()).hexdigest() not in sealed


def test_section_6_a_template_without_secrets_is_public() -> None:
    artifact, _ = templated(
        "{{ config.user }}{{ config.pw is defined }}{% for k in config %}{{ k }}{% endfor %}", CONFIG
    )
    assert artifact is not None
    assert not artifact.secret
    assert artifact.sealed is artifact.content


def test_section_6_a_runtime_text_with_a_secret_in_it() -> None:
    artifact, _ = templated("{{ config.url }}", {"url": unknown("p://", PASSWORD, "@", "$HOST")})
    assert artifact is not None
    assert (artifact.content.decode(), artifact.sealed.decode()) == (
        f"p://{CANARY}@${{HOST}}",
        f"p://{TOKEN}@${{HOST}}",
    )
    assert artifact.secret


def test_j08_only_plain_refuses_a_template_that_reads_a_secret() -> None:
    found = fault("x\n{% if config.pw %}{% endif %}", CONFIG, options={"only": "plain"})
    assert (found.name, found.path) == ("template-secret-refused", ("managers", "web", "pw"))
    assert found.location is not None
    assert found.location[:2] == ("templates/t.j2", 2)
    assert shown("{{ config.user }}", CONFIG, options={"only": "plain"}) == "ann"


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("to", ["x.yaml", "x.json", ".env"])
def test_j10_a_secret_is_never_printed_bare_into_a_file_with_a_grammar(to: str, sealed: bool) -> None:
    """Found with and without a key alike, whatever the secret is."""
    config = {"pw": Secret(TOKEN, "string", "harmless")}
    found = fault("a\nb: {{ config.pw }}", config, to=to, sealed=sealed)
    assert found.name == "template-bare-secret"
    assert found.location is not None
    assert found.location[:2] == ("templates/t.j2", 2)
    artifact, _ = templated("b: {{ config.pw | json }}", config, to=to, sealed=sealed)
    assert artifact is not None


TREE = {
    "managers": {"web": {"pw": PASSWORD}, "api": {"token": PASSWORD, "port": 80}},
    "shared": {"ca": PASSWORD},
}  # fmt: skip
FOREIGN = [
    "{{ tree.managers.api.token }}", "{{ tree.managers.api | json }}",
    "{% for k, v in tree.managers.api | items %}{% endfor %}",
    "{{ tree.managers.api.token is string }}", "{% if tree.managers.api.token %}{% endif %}",
    "{{ tree.managers | json | length }}",
]  # fmt: skip


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("source", FOREIGN)
def test_section_6_a_secret_of_another_component_is_refused(source: str, sealed: bool) -> None:
    found = fault(f"x\n\n{source}", {}, tree=TREE, sealed=sealed)
    assert (found.name, found.path) == ("template-foreign-secret", ("managers", "api", "token"))
    assert found.location is not None
    assert found.location[:2] == ("templates/t.j2", 3)
    for word in ("managers.web", "managers.api.token", "managers.api"):
        assert f"`{word}`" in found.message


def test_section_6_unless_the_schema_shares_it() -> None:
    shared = (("managers.api.token", "managers.web"),)
    assert shown("{{ tree.managers.api.token }}", {}, tree=TREE, shared=shared) == CANARY


def test_section_6_what_the_secret_was_made_of_counts_too() -> None:
    """A value of `api` made of a secret of `web` is open to `web` only if `api`'s value is shared with it."""
    tree = {"managers": {"web": {}, "api": {"url": Secret(TOKEN, "string", CANARY, (("managers", "db", "pw"),))}}}
    shared = (("managers.api.url", "managers.web"),)
    found = fault("{{ tree.managers.api.url }}", {}, tree=tree, shared=shared)
    assert found.path == ("managers", "db", "pw")
    both = (*shared, ("managers.db.pw", "managers.web"))
    assert shown("{{ tree.managers.api.url }}", {}, tree=tree, shared=both) == CANARY


def test_section_6_own_secrets_and_those_outside_all_components_are_open() -> None:
    artifact, found = templated(
        "{{ tree.managers.web.pw }}{{ tree.shared.ca }}{{ tree.managers.api.port }}", {}, tree=TREE
    )
    assert artifact is not None, found
    assert artifact.content.decode() == f"{CANARY}{CANARY}80"


def test_section_6_a_template_of_the_environment_is_no_component() -> None:
    job = Job((), output("all.conf", template="t.j2"))
    artifacts, found = render(
        [job], context(TREE, templates={"t.j2": "{{ config.managers.api.token }}{{ component }}"})
    )
    assert not found
    assert (artifacts[0].content.decode(), artifacts[0].path, artifacts[0].secret) == (CANARY, "all.conf", True)


def test_the_plain_value_never_leaves_in_a_sealed_run() -> None:
    for source in (*USED, *(case[0] for case in PRINTED.values())):
        artifact, found = templated(source, CONFIG, templates={"i.j2": "{{ config.pw }}"}, sealed=True)
        assert CANARY not in repr((artifact, found))
    assert secret(CANARY).revealed
