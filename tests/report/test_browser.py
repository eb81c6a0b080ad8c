"""Issue 5, section 4: the page in real headless Chromium: clicked, on a phone, in the dark, on paper."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cfgc.history.views.html import render as difference
from cfgc.reports.gaps.views import Shown
from cfgc.reports.gaps.views import render as gaps
from cfgc.reports.report.views import render
from tests.browser import Browser, browser
from tests.gaps.estates import FULL as GAPS
from tests.history.differences import FULL as DIFFERENCE
from tests.history.test_html import SHOWN
from tests.report.reports import FULL, hostile

pytestmark = pytest.mark.parts

LONG = "-a-name-without-any-place-to-break-it".replace("-", "x") * 6
PAGES = {
    "report": lambda: render("html", FULL),
    "report of long names": lambda: render("html", hostile(FULL, LONG)),
    "gaps": lambda: gaps("html", GAPS, Shown()),
    "difference": lambda: difference(DIFFERENCE, SHOWN),
}
VISIBLE = "[...document.querySelectorAll('tr[data-kind]')].filter((each) => each.checkVisibility()).length"
COUNTED = "document.querySelector('output').textContent"


@pytest.fixture
def shown(part: Callable[[str], str], tmp_path: Path) -> Iterator[Browser]:
    with browser(part("chromium"), tmp_path) as made:
        yield made


def written(folder: Path, page: str) -> Path:
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    return file


def test_section_4_the_filters_are_clicked(shown: Browser, tmp_path: Path) -> None:
    shown.show(written(tmp_path, render("html", FULL)))
    assert (shown.value(VISIBLE), shown.value(COUNTED)) == (16, "16 rows")
    shown.type("select[name=kind]", "secrets")
    assert (shown.value(VISIBLE), shown.value(COUNTED)) == (3, "3 of 16 rows")
    shown.click("button[type=reset]")
    assert (shown.value(VISIBLE), shown.value(COUNTED)) == (16, "16 rows")
    shown.click("input[name=search]")
    shown.type("input[name=search]", "replicas")
    assert 0 < shown.value(VISIBLE) < 16
    shown.click("button[type=reset]")
    shown.click("button[name=fold]")
    assert shown.value("document.querySelectorAll('details[open]').length") == 0
    shown.click("summary")
    assert shown.value("document.querySelectorAll('details[open]').length") == 1


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [390, 1280])
def test_a_page_is_as_wide_as_its_window(shown: Browser, tmp_path: Path, name: str, width: int) -> None:
    """On a phone nothing is cut off: what is wider than the window scrolls in a box of its own."""
    shown.show(written(tmp_path, PAGES[name]()), width=width)
    assert shown.value("document.documentElement.scrollWidth") == width


def test_a_page_is_light_or_dark_as_its_reader_wants(shown: Browser, tmp_path: Path) -> None:
    file = written(tmp_path, render("html", FULL))
    colours = {}
    for dark in (False, True):
        shown.show(file, dark=dark)
        colours[dark] = shown.value("getComputedStyle(document.body).backgroundColor")
    light, dark_one = (sum(int(each) for each in colours[dark][4:-1].split(",")) for dark in (False, True))
    assert light > 600 > 150 > dark_one


def test_on_paper_everything_is_open_and_no_filter_is_there(shown: Browser, tmp_path: Path) -> None:
    shown.show(written(tmp_path, render("html", FULL)))
    shown.click("button[name=fold]")
    assert shown.paper().startswith(b"%PDF-")
    shown.ask("Emulation.setEmulatedMedia", media="print")
    assert shown.value("getComputedStyle(document.querySelector('.filters')).display") == "none"
    assert shown.value("document.querySelectorAll('details:not([open])').length") == 0


def test_a_screenshot_is_kept(shown: Browser, tmp_path: Path) -> None:
    """Where CI keeps its reports, else beside the test's own files: `PYTEST_SCREENSHOTS` names the folder."""
    folder = Path(os.environ.get("PYTEST_SCREENSHOTS", tmp_path))
    file = written(tmp_path, render("html", FULL))
    for name, width, dark in (("wide", 1280, False), ("dark", 1280, True), ("phone", 390, False)):
        shown.show(file, width=width, dark=dark)
        shown.picture(folder / f"report-{name}.png")
        assert (folder / f"report-{name}.png").read_bytes().startswith(b"\x89PNG")
