"""Templates that would never end, or fill the machine (THREATS J02), and the order of things (J07)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cfgc.stages.render import Job, render
from tests.render.world import WEB, context, fault, output, shown, web

LOOP = (
    "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{% endfor %}{% endfor %}{% endfor %}"
)
DOUBLING = "{% set a = 'x' * 1000000 %}" + "".join(
    f"{{% set a{n} = [a, a, a, a, a, a, a, a] | join %}}{{% set a = a{n} %}}" for n in range(9)
)
HUGE = {
    "'a'*3e8": ("{{ 'a' * 300000000 }}", "template-too-large"),
    "[]*3e8": ("{{ [1] * 300000000 }}", "template-too-large"),
    "center": ("{{ 'a' | center(300000000) }}", "template-syntax"),
    "%300000000d": ("{{ '%300000000d' % 1 }}", "template-failed"),
    "2**10**8": ("{{ 2 ** (10 ** 8) }}", "template-too-large"),
    "10**9 * ...": ("{% set a = 10 ** 900 %}{{ a * a * a }}", "template-too-large"),
    "recursive macro": ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "template-failed"),
    "recursive include": ("{% include 't.j2' %}", "template-failed"),
    "range": ("{{ range(10001) | join }}", "template-too-large"),
    "lipsum": ("{{ lipsum(n=99999) }}", "template-undefined"),
    "nested 30 deep": (
        "{% if 1 %}" * 30 + "{% for a in [1] %}" * 30 + "{% endfor %}" * 30 + "{% endif %}" * 30,
        "template-failed",
    ),
    "1000 parentheses": ("{{ " + "(" * 1000 + "1" + ")" * 1000 + " }}", "template-failed"),
    "file": ("{% for a in range(9999) %}{{ 'x' * 9999 }}{% endfor %}", "template-too-large"),
    "loops": (LOOP, "template-overrun"),
}


@pytest.mark.parametrize("case", HUGE)
def test_j02_what_is_too_large_fails_clean(case: str) -> None:
    source, rule = HUGE[case]
    assert fault(source, {}).name == rule


def test_j02_memory_is_limited_by_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the bounds of the engine, the limit on memory ends it."""
    from cfgc.stages.render.template import bounds

    monkeypatch.setattr(bounds, "_LONGEST_TEXT", 1 << 60)
    found = fault("{% set a = 'x' * 2000000000 %}{{ a | length }}", {})
    assert found.name in ("template-failed", "template-overrun")


def test_j02_an_overrun_names_its_template_and_setting() -> None:
    jobs = [Job(WEB, output(f"{name}.conf", template=f"{name}.j2")) for name in ("one", "two", "three")]
    world = context(web({}), templates={"one.j2": "1", "two.j2": LOOP, "three.j2": "3"})
    artifacts, found = render(jobs, world)
    assert [one.path for one in artifacts] == ["web/one.conf"]
    assert [one.name for one in found] == ["template-overrun"]
    assert "two.j2" in found[0].message
    assert found[0].location is not None
    assert found[0].location.file == "cfgc.yaml"


def test_j02_emitters_go_on_beside_an_overrun() -> None:
    jobs = [Job(WEB, output("a.conf", template="a.j2")), Job(WEB, output("b.yaml", format="yaml"))]
    artifacts, _ = render(jobs, context(web({"x": 1}), templates={"a.j2": LOOP}))
    assert [one.path for one in artifacts] == ["web/b.yaml"]


def test_j02_a_template_that_ran_too_long_is_not_tried_again_in_another_environment() -> None:
    """THREATS: a hostile input takes 2 s or less in all, so a run pays for the loop once."""
    stopped: set[str] = set()
    reasons = []
    for name in ("dev", "prod"):
        jobs = [Job(WEB, output(f"{one}.conf", template=f"{one}.j2")) for one in ("loop", "good")]
        world = context(web({}), templates={"loop.j2": LOOP, "good.j2": "1"}, stopped=stopped)
        artifacts, found = render(jobs, world._replace(environment=name))
        reasons += [(one.environment, one.name, one.message.partition(": ")[2]) for one in found]
    assert reasons == [
        ("dev", "template-overrun", "it ran too long"),
        ("prod", "template-overrun", "it ran too long in another environment"),
    ]
    assert [one.path for one in artifacts] == ["web/good.conf"]
    assert stopped == {"loop.j2"}


@pytest.mark.parametrize("name", ["now()", "random", "time", "uuid", "os", "environ", "hostname"])
def test_j07_no_clock_no_chance_no_machine(name: str) -> None:
    assert fault(f"{{{{ {name} }}}}", {}).name == "template-undefined"


@pytest.mark.parametrize("name", ["random", "shuffle"])
def test_j07_no_filter_of_chance(name: str) -> None:
    assert fault(f"{{{{ [1, 2] | {name} }}}}", {}).name == "template-syntax"


SCRIPT = """
import sys
from tests.render.world import shown
source = "{{ config.m | dictsort | json }}{{ config.l | unique | list | json }}{{ config.m | yaml }}"
source += "{% for k in config.m %}{{ k }}{% endfor %}"
config = {"m": {w: n for n, w in enumerate("the quick brown fox jumps over".split())}, "l": ["b", "a", "b", "c"]}
sys.stdout.write(shown(source, config))
"""


def test_j07_two_processes_with_other_hash_seeds_render_the_same_bytes() -> None:
    root = Path(__file__).resolve().parents[2]
    found = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=root,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "12345")
    }
    assert len(found) == 1
    assert b"quick" in found.pop()


def test_a_template_has_time_enough() -> None:
    """The positive control: ordinary loops pass."""
    assert len(shown("{% for a in range(300) %}{% for b in range(100) %}x{% endfor %}{% endfor %}", {})) == 30000
