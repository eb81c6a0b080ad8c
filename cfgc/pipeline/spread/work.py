"""What a worker runs: a process for each environment, which renders it and ends.

So nothing that was decrypted outlives its environment, no thread of the worker is forked, and what cfgc does to its own
process (no core dumps, no collecting) is not done to the worker. All that comes and goes is bytes.
"""

from __future__ import annotations

import os
import sys

from cfgc.external.process import ProgramError, run

_SECONDS = 24 * 3600.0
_LARGEST = 1 << 32


def work(request: bytes) -> bytes:
    """The answer to a request, as `render.answer` gives it; nothing when the process died. Raises nothing."""
    argv = [sys.executable, "-P", "-m", "cfgc.pipeline.spread.render"]
    try:
        done = run(argv, input=request, env=os.environ, timeout=_SECONDS, limit=_LARGEST, guarded=True)
    except (ProgramError, OSError):
        return b""
    return done.stdout if done.code == 0 else b""
