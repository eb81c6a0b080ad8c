"""A real Chromium that a test looks into and clicks in, driven over a pipe by the DevTools protocol."""

from __future__ import annotations

import json
import os
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

_OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe")
_MIDDLE = """(() => {
  const each = document.querySelector(%s);
  each.scrollIntoView({block: "center"});
  const box = each.getBoundingClientRect();
  return {x: box.x + box.width / 2, y: box.y + box.height / 2};
})()"""


class Browser:
    """One page. What it is asked is answered before the next question."""

    def __init__(self, to: int, answers: Iterator[Any]) -> None:
        self._to = to
        self._answers = answers
        self._numbers = count(1)
        self._session = ""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask("Page.enable")

    def ask(self, method: str, **facts: Any) -> Any:
        """The answer to a command of the protocol; what the browser tells besides is passed over."""
        number = next(self._numbers)
        question = {"id": number, "method": method, "params": facts}
        question |= {"sessionId": self._session} if self._session else {}
        os.write(self._to, json.dumps(question).encode() + b"\0")
        answer = next(each for each in self._answers if each.get("id") == number)
        assert "error" not in answer, answer
        return answer["result"]

    def show(self, file: Path, *, width: int = 1280, height: int = 900, dark: bool = False, after: str = "") -> None:
        """Open a page in a window of this size."""
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])
        self.ask("Page.navigate", url=f"{file.as_uri()}{after}")
        next(each for each in self._answers if each.get("method") == "Page.loadEventFired")

    def value(self, expression: str) -> Any:
        """What JavaScript makes of an expression; the page's own policy does not hold for the protocol."""
        found = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def click(self, selector: str) -> None:
        """Press and release the mouse in the middle of an element."""
        place = self.value(_MIDDLE % json.dumps(selector))
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **place)
        self.value("new Promise((done) => setTimeout(done))")

    def type(self, selector: str, text: str) -> None:
        """Type into a field, or the first letters of an option into a list."""
        self.value(f"document.querySelector({json.dumps(selector)}).focus()")
        for letter in text:
            self.ask("Input.dispatchKeyEvent", type="keyDown", text=letter, key=letter)
            self.ask("Input.dispatchKeyEvent", type="keyUp", key=letter)
        self.value("new Promise((done) => setTimeout(done))")

    def picture(self, file: Path) -> None:
        """Keep a picture of the whole page."""
        found = self.ask("Page.captureScreenshot", captureBeyondViewport=True)
        file.write_bytes(b64decode(found["data"]))

    def paper(self) -> bytes:
        """The page as it is printed, as PDF."""
        return b64decode(self.ask("Page.printToPDF", preferCSSPageSize=True)["data"])


@contextmanager
def browser(program: str, folder: Path) -> Iterator[Browser]:
    """A browser with a folder of its own, which ends with the block."""
    (read_by_it, to), (answers, written_by_it) = os.pipe(), os.pipe()

    def place() -> None:
        """The protocol wants file descriptors 3 and 4, which the pipes themselves may have."""
        ours = os.dup(read_by_it), os.dup(written_by_it)
        os.dup2(ours[0], 3)
        os.dup2(ours[1], 4)

    argv = [program, *_OPTIONS, f"--user-data-dir={folder / 'browser'}"]
    child = subprocess.Popen(
        argv, close_fds=False, preexec_fn=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(read_by_it)
    os.close(written_by_it)
    try:
        yield Browser(to, _messages(answers))
    finally:
        os.close(to)  # it ends when nobody can ask any more
        child.wait(30)
        os.close(answers)


def _messages(answers: int) -> Iterator[Any]:
    rest = b""
    while chunk := os.read(answers, 1 << 16):
        *whole, rest = (rest + chunk).split(b"\0")
        yield from map(json.loads, whole)
