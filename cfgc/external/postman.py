"""Notifications by Apprise, in a process of their own: it is killed when its time is up, and what Apprise logs, which
may hold a token, goes nowhere.

An address travels over standard input, never in the list of arguments, which other users of the machine can see.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.util import find_spec
from typing import Literal, NamedTuple, TypeAlias

from cfgc.external import process

ATTEMPTS = 3
SECONDS = 20.0
"""in which one receiver is told, all attempts together"""
_PAUSE = 1.0
_ENVIRONMENT = (
    "http_proxy", "https_proxy", "no_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START",
)  # fmt: skip

Outcome: TypeAlias = Literal["sent", "no-address", "refused", "late", "broken"]


class Letter(NamedTuple):
    """What is sent, as plain text."""

    title: str
    body: str
    kind: Literal["failure", "warning", "success", "info"]


def is_installed() -> bool:
    """Whether the extra is there."""
    return find_spec("apprise") is not None


def send(address: str, letter: Letter, seconds: float = SECONDS) -> Outcome:
    """Send a letter to a URL of Apprise, up to `ATTEMPTS` times within so many seconds. Raises nothing."""
    argv = [sys.executable, "-P", "-m", "cfgc.external.postman"]
    letters = json.dumps({"address": address, "letter": letter._asdict()}).encode()
    try:
        done = process.run(
            argv, input=letters, env=process.inherited(*_ENVIRONMENT), timeout=seconds, limit=1 << 20, guarded=True
        )
    except process.TimedOutError:
        return "late"
    except process.ProgramError:
        return "broken"
    said = done.stdout.decode("utf-8", "replace").strip()
    outcomes: dict[str, Outcome] = {"sent": "sent", "no-address": "no-address", "refused": "refused"}
    return outcomes.get(said, "broken") if done.code == 0 else "broken"


def main() -> Outcome:
    """The life of the process: one letter from standard input."""
    given = json.load(sys.stdin)
    return _deliver(given["address"], Letter(**given["letter"]))


def _deliver(address: str, letter: Letter) -> Outcome:
    import logging

    import apprise

    logging.disable(logging.CRITICAL)
    postman = apprise.Apprise(asset=apprise.AppriseAsset(app_id="cfgc", app_desc="cfgc", app_url=""))
    if not postman.add(address):
        return "no-address"
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(_PAUSE * attempt)
        if postman.notify(
            body=letter.body, title=letter.title, notify_type=letter.kind, body_format=apprise.NotifyFormat.TEXT
        ):
            return "sent"
    return "refused"


if __name__ == "__main__":
    sys.stdout.write(main())
