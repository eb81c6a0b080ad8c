"""Workers change no byte and no finding, whatever they meet (SPEC section 8: the same bytes on every machine)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.external.files import WorkTree
from cfgc.model.artifact import Artifact
from cfgc.pipeline.reading import read_ahead
from cfgc.pipeline.render import Rendering, render_environments
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted
from cfgc.stages.render import Context, Job, render

Project = Callable[[Mapping[str, str]], Path]

ENVIRONMENTS = [Wanted("test"), Wanted("prod")]
FLEET = {
    "cfgc.yaml": "version: 1\nenvironments:\n  test: {extends: base}\n  prod: {extends: base}\ncomponents: [apps/*]\n"
    "outputs:\n  - {for: '*', format: dotenv, to: .env}\n  - {for: '*', format: json, to: config.json}\n"
    "  - {for: app-7, template: seven.j2, to: seven.txt}\n",
    "templates/seven.j2": "{{ config.port }}\n",
    "schemas/apps/_each.schema.json": '{"properties": {"port": {"type": "integer", "x-cfgc-env": "PORT_NUMBER"}}}',
    **{
        f"environments/{layer}/apps/app-{number}.yaml": f"port: {number}\ntext: {layer} é\nitems: [a, b]\n"
        for layer in ("base", "test", "prod")
        for number in range(70)
    },
}
CASES = {
    "nothing to say": {},
    "a runtime variable": {"environments/prod/apps/app-3.yaml": "port: ${PORT}\n"},
    "an error of a schema": {"environments/test/apps/app-3.yaml": "port: high\n"},
    "what a format refuses": {"environments/prod/apps/app-69.yaml": "text: null\n"},
    "two answers of the schemas": {
        "schemas/config.schema.json": '{"properties": {"apps": {"additionalProperties": {"properties": '
        '{"port": {"x-cfgc-env": "OTHER"}}}}}}'
    },
    "a policy that denies": {
        "policies/ports.yaml": "policies:\n  - {name: ports, assert: 'config.port < 50', message: 'no', at: port}\n"
    },
    "a file for the exact reader": {
        "environments/test/apps/app-3.yaml": "port: !replace 5\nitems: &i [1, 0x1f]\nmore: *i\n"
    },
    "numbers as they are": {"environments/test/apps/app-3.yaml": "a: 0.1\nb: -0.0\nc: 123456789012345678\nd: 1.0\n"},
    "a file that says nothing": {"environments/test/apps/app-3.yaml": "# nothing\n"},
    "an environment that does not compile": {"environments/prod/apps/app-1.yaml": "port: [1]\n"},
}
SILENT = {"nothing to say", "a runtime variable", "a file for the exact reader", "a file that says nothing"}


def rendered(folder: Path, processes: int) -> list[Rendering]:
    session = Session(WorkTree(folder), folder, processes=processes)
    read_ahead(session, [wanted.environment for wanted in ENVIRONMENTS], lambda: session.schemas)
    return render_environments(session, ENVIRONMENTS)


@pytest.mark.parametrize("case", CASES)
def test_workers_change_no_byte_and_no_finding(project: Project, case: str) -> None:
    folder = project({**FLEET, **CASES[case]})
    alone, beside = rendered(folder, 1), rendered(folder, 3)
    for one, other in zip(alone, beside, strict=True):
        assert one.artifacts == other.artifacts
        assert one.diagnostics == other.diagnostics
        assert one.manifest == other.manifest
    assert sum(len(one.artifacts) for one in alone) > 100
    assert any(one.diagnostics for one in alone) or case in SILENT


@pytest.mark.parametrize(("processes", "ahead"), [(1, 0), (3, 280)])
def test_the_texts_are_written_ahead(
    project: Project, monkeypatch: pytest.MonkeyPatch, processes: int, ahead: int
) -> None:
    """The test above can fail: with several processes all but the templates is known before it is rendered."""
    known: list[bool] = []

    def looking(jobs: Sequence[Job], context: Context) -> tuple[list[Artifact], list[Diagnostic]]:
        known.extend(job.text is not None for job in jobs)
        return render(jobs, context)

    monkeypatch.setattr("cfgc.pipeline.render.render", looking)
    rendered(project(FLEET), processes)
    assert (sum(known), len(known)) == (ahead, 282)


@pytest.mark.parametrize(
    "text", ["port: 1\nport: 2\n", "text: ENC[AES256_GCM,data:a]\n", "port: [\n", "- 1\n", "port: \\xff\n"]
)
def test_what_is_wrong_with_a_file_is_told_once(project: Project, text: str) -> None:
    folder = project(
        {**FLEET, "environments/test/apps/app-3.yaml": text, "environments/test/apps/app-60.yaml": "- 1\n"}
    )
    found = []
    for processes in (1, 3):
        with pytest.raises(Failed) as caught:
            rendered(folder, processes)
        found.append(caught.value.diagnostics)
    assert found[0] == found[1]
    assert len({each.location for each in found[0]}) == len(found[0]) >= 1


def test_files_are_read_ahead(project: Project) -> None:
    """The tests above can fail: with several processes a file that is ordinary is not parsed when it is asked for."""
    folder = project(FLEET)
    session = Session(WorkTree(folder), folder, processes=3)
    read_ahead(session, ["test", "unknown"], lambda: None)
    session.reader._raw = None  # type: ignore[method-assign, assignment]
    files = [file for layer in ("base", "test") for file in session.project.files[layer]]
    assert len(files) == 140
    assert [session.reader.read(file)[0] is None for file in files] == [False] * 140
