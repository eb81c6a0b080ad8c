"""Dask, behind the standard interface of executors: the one place that knows it."""

from __future__ import annotations

import ipaddress
import logging
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import import_module
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from cfgc.diagnostics import Failed, report

_SECONDS = 10


class Hired(NamedTuple):
    """An executor, and how many workers it has at this moment."""

    executor: Executor
    workers: Callable[[], int]


@contextmanager
def hired(address: str, *, revealed: bool) -> Iterator[Hired]:
    """An executor at the address of a Dask scheduler, which is waited for ten seconds.

    Raises `Failed` without Dask, without a scheduler, and where secrets are to be `revealed` and a connection to
    another machine has no TLS.
    """
    try:
        distributed: Any = import_module("distributed")
        if revealed:
            import_module("pyrage")  # what is decrypted is encrypted with it
    except ModuleNotFoundError:
        raise Failed(report("executor-extra-missing", address=address)) from None
    if revealed:
        _check([address], address)
    with _silence():
        try:
            client = distributed.Client(address, timeout=_SECONDS, set_as_default=False, name="cfgc")
        except (OSError, TimeoutError, ValueError, TypeError, RuntimeError) as error:
            raise Failed(report("executor-not-found", address=address, reason=_reason(error))) from None
        with client:
            chosen = {"workers": _private_workers(client, address)} if revealed else {}
            yield Hired(client.get_executor(pure=False, **chosen), lambda: _workers(client))


@contextmanager
def _silence() -> Iterator[None]:
    """Dask tells of each lost connection with a trace; what comes of it, the caller says."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def private(address: str) -> bool:
    """Whether nobody else can read or write what is sent to an address: it is this machine, or TLS is spoken."""
    parts = urlsplit(address)
    try:
        loopback = ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        loopback = parts.hostname == "localhost"
    return loopback or parts.scheme == "tls"


def _check(addresses: Iterable[str], address: str) -> None:
    for each in addresses:
        if not private(each):
            raise Failed(report("executor-not-private", address=address, other=each))


def _private_workers(client: Any, address: str) -> list[str] | None:
    """The workers that may decrypt: with TLS any, as they come and go; else those that are there now."""
    if address.startswith("tls:"):
        return None
    known = list(client.nthreads())
    if not known:
        raise Failed(report("executor-not-found", address=address, reason="it has no workers"))
    _check(known, address)
    return known


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return "nobody answers in time"
    return "no certificates are set up for it" if isinstance(error, TypeError) else type(error).__name__


def _workers(client: Any) -> int:
    try:
        return len(client.nthreads())
    except (OSError, TimeoutError, RuntimeError):
        return 0
