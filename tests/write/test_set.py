"""SPEC section 8, "One whole set": what a render leaves in `dist/ENV`."""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cfgc.model.artifact import Artifact
from cfgc.stages.write import Outcome, Request, write_set, write_sets
from cfgc.stages.write.compare import compare_set
from tests.write.conftest import artifacts

Make = Callable[..., Request]


def put(request: Request) -> Outcome:
    outcome, found = write_set(request)
    assert [diagnostic.code for diagnostic in found if diagnostic.is_error] == []
    assert outcome is not None
    return outcome


def codes(request: Request) -> list[str]:
    return [found.code for found in write_set(request)[1]]


def test_first_set_holds_every_artifact_and_a_manifest(tmp_path: Path, request_for: Make) -> None:
    put(request_for(artifacts("one")))
    prod = tmp_path / "dist" / "prod"
    assert (prod / "app-0" / ".env").read_text() == "generation: one\ncomponent: 0\n"
    manifest = json.loads((prod / "manifest.json").read_text())
    assert [entry["path"] for entry in manifest["artifacts"]][:2] == ["app-0/.env", "app-0/config.yaml"]


def test_manifest_holds_the_digest_of_the_sealed_form_only(tmp_path: Path, request_for: Make) -> None:
    put(request_for(artifacts("one")))
    text = (tmp_path / "dist/prod/manifest.json").read_text()
    plain = (tmp_path / "dist/prod/app-0/.env").read_bytes()
    assert hashlib.sha256(b"sealed " + plain).hexdigest() in text
    entries = {entry["path"]: entry for entry in json.loads(text)["artifacts"]}
    assert hashlib.sha256(plain).hexdigest() not in entries["app-0/.env"]["digest"]


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_f04_modes_are_0600_and_0644_whatever_the_umask(tmp_path: Path, request_for: Make) -> None:
    (tmp_path / "dist").mkdir(mode=0o755)
    (tmp_path / "dist").chmod(0o755)
    (tmp_path / "state").mkdir()
    (tmp_path / "state").chmod(0o700)
    put(request_for(artifacts("one", [0])))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "dist/prod").rglob("*")}
    assert modes == {"app-0": 0o755, ".env": 0o600, "config.yaml": 0o644, "manifest.json": 0o644}


def test_same_artifacts_again_touch_nothing(tmp_path: Path, request_for: Make) -> None:
    put(request_for(artifacts("one")))
    inode = (tmp_path / "dist/prod").stat().st_ino
    assert put(request_for(artifacts("one"))).replaced is False
    assert (tmp_path / "dist/prod").stat().st_ino == inode


def test_section_8_the_set_is_a_real_folder_that_one_call_exchanges(
    tmp_path: Path, request_for: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is whole before the call, and the call is all that happens to `dist/prod`."""
    from cfgc.stages.write import folder

    put(request_for(artifacts("one")))
    calls: list[tuple[str, str]] = []
    exchange = folder._exchange

    def watched(descriptor: int, one: str, other: str) -> None:
        staged = {path.read_text().split()[1] for path in (tmp_path / "dist" / one).rglob(".env")}
        standing = {path.read_text().split()[1] for path in (tmp_path / "dist" / other).rglob(".env")}
        assert (staged, standing) == ({"two"}, {"one"})
        assert (tmp_path / "dist" / one / "manifest.json").exists()
        calls.append((one, other))
        exchange(descriptor, one, other)

    monkeypatch.setattr(folder, "_exchange", watched)
    put(request_for(artifacts("two")))
    assert calls == [(".prod.next", "prod")]
    assert stat.S_ISDIR(os.lstat(tmp_path / "dist/prod").st_mode)


@pytest.mark.parametrize("name", ["app-0/.env", "app-0/config.yaml", "manifest.json"])
@pytest.mark.parametrize("left", [b"", b"\0" * 40], ids=["cut", "zeros"])
def test_section_8_what_a_power_loss_did_is_noticed_and_rendered_anew(
    tmp_path: Path, request_for: Make, name: str, left: bytes
) -> None:
    """Names that are there and bytes that never reached the disk."""
    put(request_for(artifacts("one")))
    place = tmp_path / "dist/prod" / name
    whole = place.read_bytes()
    place.write_bytes(left)
    outcome, found = write_set(request_for(artifacts("one")))
    assert outcome is not None
    assert outcome.replaced
    assert [each.code for each in found] == ([] if name == "manifest.json" else ["CFG905"])
    assert place.read_bytes() == whole


def test_section_8_secret_artifacts_are_known_by_an_hmac_under_a_key_outside_of_the_output(
    tmp_path: Path, request_for: Make
) -> None:
    """The state may leave the machine with `dist`; without the key it tells nothing about a value."""
    put(request_for(artifacts("one", [0])))
    key = (tmp_path / "state/key").read_bytes()
    texts = [path.read_bytes() for path in (tmp_path / "dist").rglob("*") if path.is_file()]
    assert not [text for text in texts if key in text or key.hex().encode() in text]
    ((_, known),) = json.loads((tmp_path / "dist/.prod.state").read_text()).items()
    content = (tmp_path / "dist/prod/app-0/.env").read_bytes()
    message = b"\0".join((b"cfgc artifact", b"prod", b"app-0/.env", content))
    assert known == {"app-0/.env": hmac.new(key, message, hashlib.sha256).hexdigest()}


def test_unchanged_files_are_hard_linked(tmp_path: Path, request_for: Make) -> None:
    put(request_for(artifacts("one")))
    inode = (tmp_path / "dist/prod/app-1/config.yaml").stat().st_ino
    outcome = put(request_for(artifacts("two", [0]) + artifacts("one", range(1, 6))))
    assert (tmp_path / "dist/prod/app-1/config.yaml").stat().st_ino == inode
    assert sorted(outcome.changed) == ["app-0/.env", "app-0/config.yaml"]


def test_the_set_before_stays_until_the_next_run(tmp_path: Path, request_for: Make) -> None:
    put(request_for(artifacts("one")))
    with open(tmp_path / "dist/prod/app-0/.env") as held:
        put(request_for(artifacts("two")))
        assert (tmp_path / "dist/.prod.previous/app-0/.env").read_text() == held.read()
    put(request_for(artifacts("three")))
    assert "two" in (tmp_path / "dist/.prod.previous/app-0/.env").read_text()


def test_removed_artifacts_go(tmp_path: Path, request_for: Make) -> None:
    put(request_for(artifacts("one")))
    outcome = put(request_for(artifacts("one", [0])))
    assert len(outcome.removed) == 10
    assert sorted(path.name for path in (tmp_path / "dist/prod").iterdir()) == ["app-0", "manifest.json"]


def test_f09_a_foreign_file_stops_the_render(tmp_path: Path, request_for: Make) -> None:
    put(request_for(artifacts("one")))
    (tmp_path / "dist/prod/app-0/notes.txt").write_text("mine")
    assert codes(request_for(artifacts("two"))) == ["CFG902"]
    assert "one" in (tmp_path / "dist/prod/app-0/.env").read_text()


@pytest.mark.parametrize("fresh", ["one", "two"])
def test_bug_a_folder_of_artifacts_that_was_emptied_is_not_foreign(
    tmp_path: Path, request_for: Make, fresh: str
) -> None:
    put(request_for(artifacts("one")))
    for file in list((tmp_path / "dist/prod/app-0").iterdir()):
        file.unlink()
    put(request_for(artifacts(fresh)))
    assert fresh in (tmp_path / "dist/prod/app-0/.env").read_text()


def test_f09_a_link_in_the_place_of_a_folder_is_foreign(tmp_path: Path, request_for: Make) -> None:
    put(request_for(artifacts("one")))
    shutil.rmtree(tmp_path / "dist/prod/app-0")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "dist/prod/app-0").symlink_to(tmp_path / "elsewhere")
    assert codes(request_for(artifacts("two"))) == ["CFG902"]
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_f09_force_carries_a_foreign_file_over(tmp_path: Path, request_for: Make) -> None:
    put(request_for(artifacts("one")))
    (tmp_path / "dist/prod/app-0/notes.txt").write_text("mine")
    put(request_for(artifacts("two"), force=True))
    assert (tmp_path / "dist/prod/app-0/notes.txt").read_text() == "mine"
    assert "two" in (tmp_path / "dist/prod/app-0/.env").read_text()


@pytest.mark.parametrize("name", ["app-0/.env", "app-0/config.yaml"])
def test_f09_an_edited_artifact_is_reported_and_replaced(tmp_path: Path, request_for: Make, name: str) -> None:
    put(request_for(artifacts("one")))
    (tmp_path / "dist/prod" / name).write_text("edited")
    assert codes(request_for(artifacts("one"))) == ["CFG905"]
    assert "one" in (tmp_path / "dist/prod" / name).read_text()


@pytest.mark.parametrize("damage", ["", "{", '{"version": 99}', '{"version": 1, "environment": "test"}', "[]"])
def test_f10_a_damaged_manifest_owns_nothing_but_the_set_is_rendered_anew(
    tmp_path: Path, request_for: Make, damage: str
) -> None:
    put(request_for(artifacts("one")))
    (tmp_path / "dist/prod/manifest.json").write_text(damage)
    assert codes(request_for(artifacts("one", [0]))) == ["CFG902"] * 10
    put(request_for(artifacts("two")))
    assert json.loads((tmp_path / "dist/prod/manifest.json").read_text())["version"] == 1


def test_component_render_carries_the_others(tmp_path: Path, request_for: Make) -> None:
    put(request_for(artifacts("one")))
    put(request_for(artifacts("two", [3]), narrowed=frozenset({"managers.app-3"})))
    found = {path.parent.name: "two" in path.read_text() for path in (tmp_path / "dist/prod").rglob(".env")}
    assert found == {f"app-{number}": number == 3 for number in range(6)}
    again = put(request_for(artifacts("two", [3]) + artifacts("one", [0, 1, 2, 4, 5])))
    assert again.unchanged == 12


@pytest.mark.parametrize("name", ["app-1/.env", "app-1/config.yaml"])
def test_component_render_notices_a_damaged_neighbour(tmp_path: Path, request_for: Make, name: str) -> None:
    put(request_for(artifacts("one")))
    (tmp_path / "dist/prod" / name).write_bytes(b"")
    request = request_for(artifacts("two", [3]), narrowed=frozenset({"managers.app-3"}))
    assert codes(request) == ["CFG906"]
    assert "one" in (tmp_path / "dist/prod/app-3/.env").read_text()


def as_sealed(request: Request, *, sealed: bool) -> Request:
    made = [each._replace(content=each.sealed) if sealed else each for each in request.artifacts]
    return request._replace(artifacts=made, manifest=request.manifest._replace(sealed=sealed))


@pytest.mark.parametrize("sealed", [False, True])
def test_component_render_never_mixes_sealed_and_plain_secrets(
    tmp_path: Path, request_for: Make, *, sealed: bool
) -> None:
    """SPEC 8: the manifest marks a set as sealed, so all of it is (THREATS L15)."""
    put(as_sealed(request_for(artifacts("one")), sealed=sealed))
    standing = {path: path.read_bytes() for path in (tmp_path / "dist/prod").rglob("*") if path.is_file()}
    other_kind = request_for(artifacts("two", [3]), narrowed=frozenset({"managers.app-3"}))
    assert codes(as_sealed(other_kind, sealed=not sealed)) == ["CFG909"]
    assert {path: path.read_bytes() for path in standing} == standing
    put(as_sealed(other_kind, sealed=sealed))
    put(as_sealed(request_for(artifacts("one")), sealed=not sealed))


@pytest.mark.parametrize("sealed", [False, True])
def test_component_render_may_change_the_kind_where_no_secret_stays(
    tmp_path: Path, request_for: Make, *, sealed: bool
) -> None:
    public = [each for each in artifacts("one") if not each.secret]
    put(as_sealed(request_for(public), sealed=sealed))
    put(as_sealed(request_for(artifacts("two", [3]), narrowed=frozenset({"managers.app-3"})), sealed=not sealed))
    assert json.loads((tmp_path / "dist/prod/manifest.json").read_text())["sealed"] is not sealed


def test_section_8_what_a_killed_run_left_is_pruned_even_if_nothing_is_new(tmp_path: Path, request_for: Make) -> None:
    """It holds secrets that may have been rotated since."""
    put(request_for(artifacts("one")))
    for name in (".prod.next", ".prod.probe"):
        (tmp_path / "dist" / name / "app-0").mkdir(parents=True)
        (tmp_path / "dist" / name / "app-0/.env").write_text("half")
    assert put(request_for(artifacts("one"))).replaced is False
    assert sorted(path.name for path in (tmp_path / "dist").iterdir()) == [".cfgc.lock", ".prod.state", "prod"]


@pytest.mark.usefixtures("umask")
def test_section_6_a_secret_artifact_has_its_mode_before_its_first_byte(
    tmp_path: Path, request_for: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And none of its bytes stands anywhere with another mode, not even in the staged set."""
    (tmp_path / "dist").mkdir()
    (tmp_path / "state").mkdir()
    for folder in ("dist", "state"):
        (tmp_path / folder).chmod(0o700)
    seen: list[tuple[bytes, int, int]] = []
    too_open: list[int] = []
    write, fchmod = os.write, os.fchmod

    def watched_write(descriptor: int, content: bytes) -> int:
        before = os.fstat(descriptor)
        seen.append((bytes(content), stat.S_IMODE(before.st_mode), before.st_size))
        return write(descriptor, content)

    def watched_fchmod(descriptor: int, mode: int) -> None:
        too_open.append(stat.S_IMODE(os.fstat(descriptor).st_mode) & ~mode)
        fchmod(descriptor, mode)

    monkeypatch.setattr(os, "write", watched_write)
    monkeypatch.setattr(os, "fchmod", watched_fchmod)
    secret, public = artifacts("one", [0])
    put(request_for([secret, public._replace(content=b"public", sealed=b"public")]))
    assert {(content, mode, size) for content, mode, size in seen} >= {
        (secret.content, 0o600, 0),
        (b"public", 0o644, 0),
    }
    assert set(too_open) == {0}


@pytest.mark.parametrize("place", ["dist", "dist/prod", "dist/prod/app-0", "dist/prod/app-0/.env", "dist/.prod.next"])
def test_f01_nothing_is_written_through_a_link(tmp_path: Path, request_for: Make, place: str) -> None:
    target = tmp_path / "elsewhere"
    target.mkdir()
    (target / "victim").write_text("untouched")
    link = tmp_path / place
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(target / "victim" if place.endswith(".env") else target)
    write_set(request_for(artifacts("one")))
    assert [(path.name, path.read_text()) for path in target.iterdir()] == [("victim", "untouched")]


def test_k01_a_second_writer_waits_and_then_gives_up(tmp_path: Path, request_for: Make) -> None:
    put(request_for(artifacts("one")))
    with open(tmp_path / "dist/.cfgc.lock") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert codes(request_for(artifacts("two"), wait=0.1)) == ["CFG903"]
    put(request_for(artifacts("two"), wait=0.1))


def test_without_exchange_the_set_is_a_link_to_a_generation(
    tmp_path: Path, request_for: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSYS, "no exchange")

    monkeypatch.setattr("cfgc.stages.write.folder._exchange", refuse)
    for generation in ("one", "two", "three", "four"):
        put(request_for(artifacts(generation)))
        assert generation in (tmp_path / "dist/prod/app-0/.env").read_text()
    assert os.readlink(tmp_path / "dist/prod") == ".prod.set-4"
    assert not (tmp_path / "dist/.prod.set-1").exists()
    assert (tmp_path / "dist/.prod.set-3").exists()


def test_a_real_folder_stops_where_folders_cannot_be_exchanged(
    tmp_path: Path, request_for: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSYS, "no exchange")

    put(request_for(artifacts("one")))
    monkeypatch.setattr("cfgc.stages.write.folder._exchange", refuse)
    assert codes(request_for(artifacts("two"))) == ["CFG907"]
    assert "one" in (tmp_path / "dist/prod/app-0/.env").read_text()


def test_check_tells_missing_different_and_superfluous(tmp_path: Path, request_for: Make) -> None:
    put(request_for(artifacts("one", [0, 1])))
    (tmp_path / "dist/prod/app-0/.env").chmod(0o644)
    (tmp_path / "dist/prod/app-1/.env").write_text("edited")
    found = compare_set(request_for(artifacts("one", [0, 2])))
    assert [diagnostic.message.split("/dist/")[1] for diagnostic in found] == [
        "prod/app-0/.env` is not what this revision renders: its mode differs",
        "prod/app-1/.env` is not what this revision renders: nothing renders it",
        "prod/app-1/config.yaml` is not what this revision renders: nothing renders it",
        "prod/app-2/.env` is not what this revision renders: it is missing",
        "prod/app-2/config.yaml` is not what this revision renders: it is missing",
    ]


def test_machine_key_and_state_are_private(tmp_path: Path, request_for: Make) -> None:
    put(request_for(artifacts("one")))
    assert stat.S_IMODE((tmp_path / "state/key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "dist/.prod.state").stat().st_mode) == 0o600


def other(request: Request, environment: str) -> Request:
    return request._replace(manifest=request.manifest._replace(environment=environment))


def test_no_set_is_exchanged_when_one_of_several_is_wrong(tmp_path: Path, request_for: Make) -> None:
    """`render test prod`: a foreign file in `dist/prod` leaves `dist/test` as it was, too."""
    one = request_for(artifacts("one"))
    put(one)
    put(other(one, "test"))
    (tmp_path / "dist/prod/mine.txt").write_text("mine")
    two = request_for(artifacts("two"))
    outcomes, found = write_sets([other(two, "test"), two])
    assert (outcomes, [each.code for each in found]) == ([], ["CFG902"])
    assert (tmp_path / "dist/test/app-0/config.yaml").read_text().startswith("generation: one")
    assert sorted(path.name for path in (tmp_path / "dist").glob(".*.next")) == []


def test_several_sets_are_exchanged_together(tmp_path: Path, request_for: Make) -> None:
    one = request_for(artifacts("one"))
    outcomes, found = write_sets([other(one, "test"), one])
    assert [outcome.manifest.environment for outcome in outcomes] == ["test", "prod"]
    assert found == []
    assert (tmp_path / "dist/test/app-0/.env").read_bytes() == (tmp_path / "dist/prod/app-0/.env").read_bytes()


def renamed(generation: str, path: str = "") -> list[Artifact]:
    """The artifacts of `managers.app-0`, as another component makes them, or as one file."""
    made = [each._replace(component="services.app-0") for each in artifacts(generation, [0])]
    return [made[0]._replace(path=path)] if path else made


@pytest.mark.parametrize("path", ["", "app-0", "app-0/.env/deeper"])
def test_a_carried_artifact_yields_to_one_of_this_run(tmp_path: Path, request_for: Make, path: str) -> None:
    """`--component` after a component was renamed: the file of before must not win over the one just rendered."""
    put(request_for(artifacts("one", [0, 1])))
    outcome = put(request_for(renamed("two", path), narrowed=frozenset({"services.app-0"})))
    prod = tmp_path / "dist/prod"
    assert (prod / (path or "app-0/.env")).read_text().startswith("generation: two")
    assert (prod / "app-1/.env").read_text().startswith("generation: one")
    paths = [entry.path for entry in outcome.manifest.artifacts]
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("path", ["app-0", "app-0/.env/mine"])
def test_force_carries_nothing_over_into_the_place_of_an_artifact(tmp_path: Path, request_for: Make, path: str) -> None:
    place = tmp_path / "dist/prod" / path
    place.parent.mkdir(parents=True)
    place.write_text("mine")
    assert codes(request_for(artifacts("one"), force=True)) == ["CFG902"]
    assert place.read_text() == "mine"


def entries(*paths: str) -> str:
    row = {"component": "managers.db", "secret": False, "digest": "", "requires_env": []}
    return json.dumps([{**row, "path": path} for path in paths])


HOSTILE = {
    "deep": "[" * 100_000,
    "leaves the set": entries("../../../etc/passwd"),
    "absolute": entries("/etc/passwd"),
    "empty part": entries("db//x"),
    "twice": entries("db/x", "db/x"),
    "file and folder": entries("db", "db/x"),
    "no text": entries("db/x").replace('"db/x"', "5"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_f10_a_hostile_manifest_names_nothing(tmp_path: Path, request_for: Make, case: str) -> None:
    """What a poisoned cache may hold: the set is rendered anew, or its files are others'; nothing else is touched."""
    put(request_for(artifacts("one")))
    manifest = tmp_path / "dist/prod/manifest.json"
    data = json.loads(manifest.read_text())
    if case == "deep":
        manifest.write_text(HOSTILE[case])
    else:
        manifest.write_text(json.dumps({**data, "artifacts": json.loads(HOSTILE[case])}))
    assert codes(request_for(artifacts("two", [0]), narrowed=frozenset({"managers.app-0"})))[0] == "CFG902"
    put(request_for(artifacts("two")))


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"%s": {"app-0/.env": 5}}', '{"%s": [1]}', '{"%s": {"app-0/.env": "é"}}']
)
def test_f10_a_hostile_state_remembers_nothing(tmp_path: Path, request_for: Make, text: str) -> None:
    put(request_for(artifacts("one")))
    name = "sha256:" + hashlib.sha256((tmp_path / "dist/prod/manifest.json").read_bytes()).hexdigest()
    (tmp_path / "dist/.prod.state").write_text(text.replace("%s", name))
    put(request_for(artifacts("two")))


@pytest.mark.parametrize("kind", ["file", "link"])
def test_f01_an_output_folder_that_is_none_is_named_once(tmp_path: Path, request_for: Make, kind: str) -> None:
    place = tmp_path / "dist"
    if kind == "file":
        place.write_text("x")
    else:
        place.symlink_to(tmp_path)
    (found,) = write_set(request_for(artifacts("one")))[1]
    assert found.code == "CFG904"
    assert found.location is not None
    assert found.location.file == str(place)
