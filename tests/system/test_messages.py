"""A message names the line at fault, and says what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.system.conftest import Cfgc, Done

Project = Callable[[Mapping[str, str]], Path]
LAYERS = "version: 1\nenvironments: {test: {extends: base}, prod: {extends: base}}\ncomponents: [services/*]\n"


def only(done: Done, code: str) -> dict[str, Any]:
    """The one finding of a code."""
    (found,) = [each for each in done.data["diagnostics"] if each["code"] == code]
    return dict(found)


def test_a_foreign_secret_is_blamed_on_the_reference(
    project: Project, cfgc: Cfgc, seal: Callable[[Path, str], None]
) -> None:
    """SPEC 6: the line that reads the secret is at fault, not the file that holds it."""
    folder = project(
        {"cfgc.yaml": LAYERS, "environments/base/services/mail.yaml": "host: mx\np: ${services.web.password}\n"}
    )
    seal(folder / "environments/base/services/web.sops.yaml", "password: hunter2\n")
    found = only(cfgc(folder, "validate", "test", "--format", "json"), "CFG315")
    assert (found["file"], found["line"], found["column"]) == ("environments/base/services/mail.yaml", 2, 4)
    (secret,) = found["related"]
    assert (secret["file"], secret["line"]) == ("environments/base/services/web.sops.yaml", 1)
    assert secret["message"] == "the secret of `services.web`"


def test_a_gitlab_description_parts_message_and_help(project: Project, cfgc: Cfgc) -> None:
    """One line holds both, so something must stand between them."""
    folder = project({"cfgc.yaml": LAYERS, "environments/base/services/web.yaml": "a: 1\na: 2\n"})
    (issue,) = cfgc(folder, "validate", "test", "--format", "gitlab").data
    assert issue["description"].endswith("; help: keep one of them")
