"""Keeps what this process decrypts out of core dumps and away from other processes of the same user (THREATS L10)."""

from __future__ import annotations

import sys

_PR_SET_DUMPABLE = 4
_PR_GET_DUMPABLE = 3


def harden() -> None:
    """No core file of this process or of any program it starts; on Linux no ptrace and no `/proc/PID/mem` either.

    Holds until the process ends. Does nothing where the system has no such switch.
    """
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        _prctl(_PR_SET_DUMPABLE, 0)


def hardened() -> bool:
    """Whether this process writes no core file and, on Linux, cannot be traced."""
    if sys.platform == "win32":
        return False
    import resource

    dumpable = sys.platform == "linux" and _prctl(_PR_GET_DUMPABLE, 0) != 0
    return resource.getrlimit(resource.RLIMIT_CORE)[0] == 0 and not dumpable


def _prctl(option: int, argument: int) -> int:
    import ctypes

    return int(ctypes.CDLL(None).prctl(option, argument, 0, 0, 0))
