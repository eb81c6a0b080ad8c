"""Issue 5, section 5: a notification is sent on failure or always, masked and bounded, and changes no verdict."""

from __future__ import annotations

import json
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from cfgc.reports.notices import LONGEST
from tests.notify.conftest import Hook
from tests.system.conftest import FILES, Cfgc
from tests.system.test_leaks import CANARIES, leaks

WEB = "environments/prod/managers/web.yaml"


@pytest.fixture
def broken(shop: Path) -> Path:
    """Has one error."""
    (shop / WEB).write_text("replicas: 0\n")
    return shop


def test_an_http_receiver_is_told_of_a_failure(cfgc: Cfgc, broken: Path, hook: Hook) -> None:
    done = cfgc(broken, "validate", "--notify", hook.address)
    assert (done.code, done.err) == (1, "")
    (told,) = hook.told
    assert told["type"] == "failure"
    assert told["title"] == "validation failed: 1 error, 0 warnings, 0 notes"
    assert "error[CFG625] `managers.web.replicas` must be at least `1`" in told["message"]
    assert f"{WEB}:1 (prod)" in told["message"]


def test_an_smtp_receiver_is_told_of_a_failure(cfgc: Cfgc, broken: Path, mailbox: tuple[int, list[Any]]) -> None:
    port, envelopes = mailbox
    address = f"mailto://127.0.0.1:{port}?from=cfgc@example.org&to=ops@example.org&mode=insecure"
    done = cfgc(broken, "validate", "--notify", address)
    assert (done.code, done.err) == (1, "")
    (envelope,) = envelopes
    message = message_from_bytes(envelope.content, policy=default)
    assert (envelope.rcpt_tos, message["Subject"]) == (
        ["ops@example.org"],
        "validation failed: 1 error, 0 warnings, 0 notes",
    )
    assert "must be at least" in str(message.get_body())


def test_nobody_is_told_of_what_went_well_unless_always_is_asked_for(cfgc: Cfgc, shop: Path, hook: Hook) -> None:
    assert cfgc(shop, "validate", "--notify", hook.address).code == 0
    assert hook.told == []
    assert cfgc(shop, "validate", "--notify", hook.address, "--notify-on", "always").code == 0
    assert [(each["type"], each["title"]) for each in hook.told] == [
        ("success", "validation passed: 0 errors, 0 warnings, 0 notes")
    ]


def test_the_project_names_receivers_by_variables(
    cfgc: Cfgc, shop: Path, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = "project: shop\nnotify: {on: always, to: ['env:CFGC_NOTIFY_OPS']}\n"
    (shop / "cfgc.yaml").write_text(FILES["cfgc.yaml"] + setting)
    monkeypatch.setenv("CFGC_NOTIFY_OPS", hook.address)
    assert cfgc(shop, "validate").code == 0
    assert hook.told[0]["title"].startswith("shop: validation passed")
    assert cfgc(shop, "validate", "--notify-on", "failure").code == 0
    assert len(hook.told) == 1


def test_what_is_staged_is_told_to_those_of_the_command_line_alone(
    cfgc: Cfgc, shop: Path, hook: Hook, git: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop / "cfgc.yaml").write_text(FILES["cfgc.yaml"] + "notify: {on: always, to: ['env:CFGC_NOTIFY_OPS']}\n")
    monkeypatch.setenv("CFGC_NOTIFY_OPS", hook.address)
    for line in (["init", "-q"], ["add", "-A"]):
        git(shop, *line)
    assert cfgc(shop, "validate", "--staged").code == 0
    assert hook.told == []


def test_a_project_cannot_send_a_variable_of_others_or_an_address_of_its_own(
    cfgc: Cfgc, shop: Path, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A merge request that writes `cfgc.yaml` must not choose where to, nor what secret is a part of it."""
    monkeypatch.setenv("DEPLOY_TOKEN", "kNary")
    for word in (hook.address, "env:DEPLOY_TOKEN", f"{hook.address}/${{DEPLOY_TOKEN}}", "${CFGC_NOTIFY_OPS}"):
        for text in (f"{{on: always, to: ['{word}']}}", f"{{to: '{word}'}}", f"'{word}'", f"{{url: '{word}'}}"):
            (shop / "cfgc.yaml").write_text(FILES["cfgc.yaml"] + f"notify: {text}\n")
            done = cfgc(shop, "validate")
            assert (done.code, "CFG10" in done.out) == (1, True)
            assert "kNary" not in done.out + done.err, "the line is not quoted"
    assert hook.told == []


@pytest.mark.parametrize(
    "pipeline",
    [
        {"CI_MERGE_REQUEST_IID": "7"},
        {"CI_MERGE_REQUEST_IID": "7", "CI_COMMIT_REF_PROTECTED": "false"},
        {"GITHUB_EVENT_NAME": "pull_request"},
        {"GITHUB_EVENT_NAME": "pull_request_target"},
    ],
)
def test_a_merge_request_tells_nobody_whom_its_files_name(
    cfgc: Cfgc, broken: Path, hook: Hook, monkeypatch: pytest.MonkeyPatch, pipeline: dict[str, str]
) -> None:
    """THREATS mode U: no network. Its author would choose the words; the pipeline's own receivers are told."""
    (broken / "cfgc.yaml").write_text(FILES["cfgc.yaml"] + "notify: {on: always, to: ['env:CFGC_NOTIFY_OPS']}\n")
    monkeypatch.setenv("CFGC_NOTIFY_OPS", hook.address)
    for name, text in pipeline.items():
        monkeypatch.setenv(name, text)
    done = cfgc(broken, "validate", "-v")
    assert (done.code, hook.told) == (1, [])
    assert "note[CFG994] notify-untrusted: `CFGC_NOTIFY_OPS` is not notified" in done.err
    assert cfgc(broken, "validate", "--notify", "env:CFGC_NOTIFY_OPS").code == 1
    assert len(hook.told) == 1


def test_the_pipeline_of_a_protected_ref_tells_them(
    cfgc: Cfgc, broken: Path, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    (broken / "cfgc.yaml").write_text(FILES["cfgc.yaml"] + "notify: {to: ['env:CFGC_NOTIFY_OPS']}\n")
    for name, text in (
        ("CFGC_NOTIFY_OPS", hook.address),
        ("CI_MERGE_REQUEST_IID", "7"),
        ("CI_COMMIT_REF_PROTECTED", "true"),
    ):
        monkeypatch.setenv(name, text)
    assert cfgc(broken, "validate").code == 1
    assert len(hook.told) == 1


def test_report_and_diff_notify_too(cfgc: Cfgc, broken: Path, hook: Hook, git: Callable[..., str]) -> None:
    for line in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "one"]):
        git(broken, *line)
    (broken / WEB).write_text("replicas: -1\n")
    assert cfgc(broken, "report", "--notify", hook.address).code == 0
    assert cfgc(broken, "diff", "HEAD", "--exit-code", "--notify", hook.address).code == 1
    assert cfgc(broken, "diff", "HEAD", "--notify", hook.address).code == 0
    report, diff = hook.told
    assert report["title"].startswith("configuration health of 2026-01-02: ")
    assert "error[CFG625]" in report["message"]
    assert diff["title"] == "HEAD -> working tree: 1 change"
    assert "prod (production): ~ managers.web replicas" in diff["message"]


def test_what_cannot_be_made_is_told_as_a_failure(cfgc: Cfgc, shop: Path, hook: Hook, git: Callable[..., str]) -> None:
    git(shop, "init", "-q")
    assert cfgc(shop, "diff", "nowhere..HEAD", "--notify", hook.address).code == 2
    assert cfgc(shop, "report", "--date", "2026-01-02", "--against", "nowhere", "--notify", hook.address).code == 2
    assert [each["title"] for each in hook.told] == ["the comparison failed", "the report failed"]
    assert all("CFG952" in each["message"] for each in hook.told)


def test_a_receiver_that_is_busy_at_first_is_told_all_the_same(cfgc: Cfgc, broken: Path, hook: Hook) -> None:
    hook.answers = [503, 200]
    assert cfgc(broken, "validate", "--notify", hook.address).err == ""
    assert len(hook.told) == 2


def test_a_receiver_that_refuses_is_asked_again_and_changes_no_verdict(cfgc: Cfgc, shop: Path, hook: Hook) -> None:
    hook.answers = [500]
    done = cfgc(shop, "validate", "--strict", "--notify", hook.address, "--notify-on", "always")
    assert (done.code, len(hook.told)) == (0, 3)
    assert "warning[CFG992] notify-failed: `--notify json://` is not notified" in done.err
    assert "kNary" not in done.out + done.err, "the address holds a token"


def test_a_receiver_that_hangs_is_given_up_in_time(
    cfgc: Cfgc, broken: Path, hook: Hook, hurried: Callable[[float], None]
) -> None:
    hurried(1.5)
    hook.hangs.clear()
    done = cfgc(broken, "validate", "--notify", f"{hook.address}?rto=60&cto=60")
    assert (done.code, "it did not answer in time" in done.err, "kNary" in done.err) == (1, True, False)


def test_one_that_is_not_there_does_not_keep_the_others_from_being_told(cfgc: Cfgc, broken: Path, hook: Hook) -> None:
    done = cfgc(broken, "validate", "--notify", "json://127.0.0.1:9/kNary", "--notify", hook.address)
    assert (done.code, len(hook.told), done.err.count("CFG992"), "kNary" in done.err) == (1, 1, 1, False)


@pytest.mark.parametrize("address", ["nothing kNary", "foo://kNary", "slack://kNary", "://", "", "env://kNary"])
def test_what_is_no_address_is_said_without_showing_it(cfgc: Cfgc, broken: Path, address: str) -> None:
    done = cfgc(broken, "validate", "--notify", address)
    assert done.code == 1
    assert ("CFG991" in done.err) is bool(address)
    assert "kNary" not in done.err


def test_without_the_extra_the_help_says_what_to_install(
    cfgc: Cfgc, broken: Path, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cfgc.external.postman.find_spec", lambda _name: None)
    done = cfgc(broken, "validate", "--notify", hook.address)
    assert (done.code, hook.told, "kNary" in done.err) == (1, [], False)
    assert "CFG990" in done.err
    assert "pip install 'cfgc[notify]'" in done.err


def test_a_variable_that_is_not_set_is_a_note(cfgc: Cfgc, broken: Path) -> None:
    assert cfgc(broken, "validate", "--notify", "env:CFGC_NOTIFY_OPS").err == ""
    said = cfgc(broken, "validate", "-v", "--notify", "env:CFGC_NOTIFY_OPS").err
    assert "note[CFG993] notify-variable-missing: `CFGC_NOTIFY_OPS` is not notified" in said


def test_a_message_is_short_and_calls_nobody(cfgc: Cfgc, shop: Path, hook: Hook) -> None:
    keys = "".join(f'"@channel <!here> {number}": {{}}\n' for number in range(200))
    (shop / "schemas/managers/web.schema.json").write_text(json.dumps({"additionalProperties": False}))
    (shop / WEB).write_text(keys)
    assert cfgc(shop, "validate", "--notify", hook.address).code == 1
    (told,) = hook.told
    assert len(told["message"]) <= LONGEST
    assert len(told["title"]) <= 120
    assert told["message"].endswith(" more")
    assert "@channel" not in told["message"]
    assert "<!" not in told["message"]


def test_a_pipeline_gives_the_page_of_its_job(
    cfgc: Cfgc, broken: Path, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI_JOB_URL", "https://gitlab.example/jobs/1")
    cfgc(broken, "validate", "--notify", hook.address)
    assert hook.told[0]["message"].endswith("\nhttps://gitlab.example/jobs/1")


def test_l01_no_message_holds_a_secret(
    cfgc: Cfgc, broken: Path, hook: Hook, seal: Callable[[Path, str], None], git: Callable[..., str]
) -> None:
    seal(broken / "environments/prod/managers/web.sops.yaml", json.dumps(CANARIES))
    for line in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "one"]):
        git(broken, *line)
    seal(broken / "environments/prod/managers/web.sops.yaml", json.dumps({**CANARIES, "password": "kNary-rotated"}))
    always = ("--notify", hook.address, "--notify-on", "always")
    done = [cfgc(broken, *line, *always) for line in (["validate"], ["report"], ["diff", "HEAD"])]
    assert len(hook.told) == 3
    said = json.dumps(hook.told, ensure_ascii=False) + "".join(each.out + each.err for each in done)
    assert leaks(said) == []
    assert "kNary" not in said
