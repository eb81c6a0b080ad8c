"""Secrets in artifacts: the sealed form, the mask, and what is never said (SPEC section 6, THREATS L15)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfgc.model.values import Secret
from cfgc.stages.render import Job, render
from cfgc.stages.render.emitters import FORMATS, dotenv, yaml
from tests.render.corpus import TEXTS
from tests.render.world import WEB, context, emitted, output, refused, run, secret, shown, unknown, web

CANARY = "c4n4ry-Pa55word"
TOKEN = "ENC[AES256_GCM,data:Zm9v,iv:aXY=,tag:dGFn,type:str]"
CONFIG = {"db": {"password": Secret(TOKEN, "string", CANARY), "port": 5432}, "name": "web"}
KEPT = sorted(set(FORMATS) - {"k8s-configmap"})


@pytest.mark.parametrize("format", KEPT)
def test_section_6_the_sealed_form_comes_from_the_same_code(format: str) -> None:
    """It is what a compile without any key writes."""
    revealed = emitted(format, CONFIG, only="all")
    sealed = emitted(
        format,
        {**CONFIG, "db": {"password": Secret(TOKEN, "string"), "port": 5432}},
        only="all",
        world={"sealed": True},
    )
    assert revealed.secret
    assert sealed.secret
    assert revealed.sealed == sealed.content == sealed.sealed
    assert revealed.content != revealed.sealed
    assert CANARY.encode() not in revealed.sealed


@pytest.mark.parametrize("format", FORMATS)
def test_section_6_without_a_secret_the_sealed_form_is_the_content(format: str) -> None:
    artifact = emitted(format, {"a": 1, "b": {"c": "x"}})
    assert not artifact.secret
    assert artifact.sealed is artifact.content


def test_section_6_a_secret_keeps_its_type_revealed() -> None:
    config = {"port": Secret(TOKEN, "integer", 5432), "on": Secret(TOKEN, "boolean", True)}
    assert emitted("yaml", config).content == b"port: 5432\non: true\n".replace(b"on:", b'"on":')
    assert emitted("dotenv", config).content == b"PORT=5432\nON=true\n"


def test_section_6_a_secret_inside_a_runtime_text() -> None:
    config = {"url": unknown("postgres://u:", Secret(TOKEN, "string", CANARY), "@", "$HOST")}
    artifact = emitted("yaml", config)
    assert artifact.secret
    assert artifact.content.decode() == f'url: "postgres://u:{CANARY}@${{HOST}}"\n'
    assert artifact.sealed.decode() == f'url: "postgres://u:{TOKEN}@${{HOST}}"\n'


@pytest.mark.parametrize("format", KEPT)
@pytest.mark.parametrize("text", ["********", "x ENC[AES256_GCM,data:a,type:str]", "a********b"])
def test_l15_a_revealed_artifact_never_holds_mask_or_ciphertext(format: str, text: str) -> None:
    plain, hidden = {"a": {"b": text}, "c": secret("x")}, {"a": {"b": secret(text)}, "c": 1}
    for config, sealed in ((plain, False), (plain, True), (hidden, False), ({"a": {"b": text}}, True)):
        (found,) = refused(format, config, only="all", world={"sealed": sealed})
        assert (found.name, found.path) == ("artifact-masked", ("managers", "web", "a", "b"))
        assert text not in found.message + found.help.replace("`********` or `ENC[AES256_GCM`", "")


@pytest.mark.parametrize("format", ["yaml", "json", "toml", "properties", "k8s-secret"])
@pytest.mark.parametrize("text", ["x********y", "ENC[AES256_GCM,x"])
def test_l15_nor_does_one_of_its_keys(format: str, text: str) -> None:
    data = "file" if format == "k8s-secret" else None
    (found,) = refused(format, {"a": {text: 1}, "c": secret("x")}, only="all", data=data)
    assert (found.name, found.path) == ("artifact-masked", ("managers", "web", "a", text))


def test_l15_a_template_never_holds_mask_or_ciphertext() -> None:
    job = Job(WEB, output(template="t.j2"))
    for value, sealed in (
        ("********", False),
        ("********", True),
        ("ENC[AES256_GCM", True),
        (secret("ENC[AES256_GCM,x]"), False),
    ):
        world = context(web({"a": value}), templates={"t.j2": "{{ config.a }}"}, sealed=sealed)
        artifacts, found = render([job], world)
        assert not artifacts
        assert [one.name for one in found] == ["artifact-masked"]


@pytest.mark.parametrize("format", FORMATS)
@given(value=TEXTS.filter(lambda text: len(text) > 3), key=st.sampled_from(["a", "a b", "path"]))
def test_no_finding_says_a_value(format: str, value: str, key: str) -> None:
    config = {key: {"x": secret(f"q7{value}7q")}, "l": [secret(f"q7{value}7q")], "\ud800": secret(f"q7{value}7q")}
    _, found = run(format, config, only="all")
    for one in found:
        assert f"q7{value}7q" not in repr(one)


def test_no_text_is_remembered_after_a_run_with_secrets() -> None:
    emitted("dotenv", CONFIG)
    emitted("yaml", CONFIG)
    assert dotenv.REMEMBERED.cache_info().currsize == 0
    assert yaml.REMEMBERED.cache_info().currsize == 0


def test_the_plain_value_is_in_the_artifact() -> None:
    """The positive control of the tests above."""
    assert CANARY in emitted("yaml", CONFIG).content.decode()
    assert CANARY in shown("{{ config.db.password }}", CONFIG)


@pytest.mark.parametrize("format", FORMATS)
def test_text_that_is_no_unicode_is_refused_everywhere(format: str) -> None:
    found = refused(format, {"a": {"b": secret("\ud800") if format == "k8s-secret" else "\ud800"}})
    assert [(one.name, one.path) for one in found] == [("text-not-unicode", ("managers", "web", "a", "b"))]
