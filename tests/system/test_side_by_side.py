"""Workers change no byte and no finding, whatever they meet (SPEC section 8: the same bytes on every machine)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from cfgc.diagnostics import Diagnostic
from cfgc.external.files import WorkTree
from cfgc.model.artifact import Artifact
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
        f"environments/{layer}/apps/app-{number}.yaml": f"port: {number}\ntext: {layer}\nitems: [a, é]\n"
        for layer in ("base", "test", "prod")
        for number in range(60)
    },
}
CASES = {
    "nothing to say": {},
    "a runtime variable": {"environments/prod/apps/app-3.yaml": "port: ${PORT}\n"},
    "an error of a schema": {"environments/test/apps/app-3.yaml": "port: high\n"},
    "what a format refuses": {"environments/prod/apps/app-59.yaml": "text: null\n"},
    "two answers of the schemas": {
        "schemas/config.schema.json": '{"properties": {"apps": {"additionalProperties": {"properties": '
        '{"port": {"x-cfgc-env": "OTHER"}}}}}}'
    },
    "a policy that denies": {
        "policies/ports.yaml": "policies:\n  - {name: ports, assert: 'config.port < 50', message: 'no', at: port}\n"
    },
    "an environment that does not compile": {"environments/prod/apps/app-1.yaml": "port: [1]\n"},
}


def rendered(folder: Path, processes: int) -> list[Rendering]:
    return render_environments(Session(WorkTree(folder), folder, processes=processes), ENVIRONMENTS)


@pytest.mark.parametrize("case", CASES)
def test_workers_change_no_byte_and_no_finding(project: Project, case: str) -> None:
    folder = project({**FLEET, **CASES[case]})
    alone, beside = rendered(folder, 1), rendered(folder, 3)
    for one, other in zip(alone, beside, strict=True):
        assert one.artifacts == other.artifacts
        assert one.diagnostics == other.diagnostics
        assert one.manifest == other.manifest
    assert sum(len(one.artifacts) for one in alone) > 100
    assert any(one.diagnostics for one in alone) is (case not in ("nothing to say", "a runtime variable"))


@pytest.mark.parametrize(("processes", "ahead"), [(1, 0), (3, 240)])
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
    assert (sum(known), len(known)) == (ahead, 242)
