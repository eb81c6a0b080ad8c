"""The layouts `tree` and `flat`: where a file's content stands (SPEC 2)."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfgc.external.files import WorkTree
from cfgc.external.git.sources import Index, Revision
from cfgc.model.keypath import show
from cfgc.model.layers import LayerFile, Source
from cfgc.model.project import Project
from cfgc.stages.discover import discover
from cfgc.stages.discover.filenames import parse
from cfgc.stages.discover.names import objection
from cfgc.stages.read import Reader
from tests.discover.conftest import Discover, Refused, Write, discover_folder, shown

PROD = {"environments/prod.yaml": ""}


def stands(project: Project, layer: str = "prod") -> dict[str, str]:
    """File -> where it stands, with `each` and `sops`."""
    marks = [("each", "*"), ("sops", " sealed")]
    return {
        file.path.removeprefix("environments/"): show(file.at)
        + "".join(text for mark, text in marks if getattr(file, mark))
        for file in project.files[layer]
    }


class TestTree:
    def test_a_files_path_in_its_layer_is_its_key_path(self, discovered: Discover) -> None:
        """Each sentence of `Where a file's content stands`; files in byte order of their key paths."""
        project, findings = discovered(
            {
                "environments/prod/managers/path-manager.yaml": "",
                "environments/prod/managers/path-manager.sops.yaml": "",
                "environments/prod/managers/_index.yaml": "",
                "environments/prod/managers/_each.yaml": "",
                "environments/prod/managers/path-manager/limits.json": "{}",
                "environments/prod/managers-old.toml": "",
                "environments/prod/orchestrator.yml": "",
                "environments/prod/_index.yaml": "",
                "environments/prod.yaml": "",
                "environments/prod.sops.env": "",
            }
        )
        assert findings == []
        assert list(stands(project).items()) == [
            ("prod.sops.env", ". sealed"),
            ("prod.yaml", "."),
            ("prod/_index.yaml", "."),
            ("prod/managers/_each.yaml", "managers*"),
            ("prod/managers/_index.yaml", "managers"),
            ("prod/managers/path-manager.sops.yaml", "managers.path-manager sealed"),
            ("prod/managers/path-manager.yaml", "managers.path-manager"),
            ("prod/managers/path-manager/limits.json", "managers.path-manager.limits"),
            ("prod/managers-old.toml", "managers-old"),
            ("prod/orchestrator.yml", "orchestrator"),
        ]

    def test_a_dot_in_a_files_name_is_part_of_its_key(self, discovered: Discover) -> None:
        """Y13: it cannot fake a path."""
        project, _ = discovered({"environments/prod/managers/node.js.yaml": ""})
        assert project.files["prod"][0].at == ("managers", "node.js")

    def test_the_format_is_the_suffix(self) -> None:
        suffixes = [".yaml", ".yml", ".json", ".toml", ".sops.yaml", ".sops.json", ".sops.env"]
        found = [parse(f"x{suffix}") for suffix in suffixes]
        assert [(one.stem, one.format, one.sops) for one in found if one] == [
            ("x", "yaml", False), ("x", "yaml", False), ("x", "json", False), ("x", "toml", False),
            ("x", "yaml", True), ("x", "json", True), ("x", "dotenv", True),
        ]  # fmt: skip

    def test_a_folder_that_is_a_declared_layer_is_not_content_of_the_one_around_it(self, discovered: Discover) -> None:
        project, findings = discovered(
            {
                "environments/prod/a.yaml": "",
                "environments/prod/eu/b.yaml": "",
                "environments/prod/eu.sops.yaml": "",
                "environments/prod/us/c.yaml": "",
                "cfgc.yaml": "environments: {prod: {}, prod-eu: {extends: prod, layers: [prod/eu]}}\n",
            }
        )
        assert findings == []
        assert stands(project) == {"prod/a.yaml": "a", "prod/us/c.yaml": "us.c"}
        assert stands(project, "prod/eu") == {"prod/eu.sops.yaml": ". sealed", "prod/eu/b.yaml": "b"}

    def test_hidden_names_and_documentation_configure_nothing(self, discovered: Discover) -> None:
        project, findings = discovered(
            {**PROD, **{f"environments/prod/{name}": "" for name in (".x.yaml", "README", "a.md", "OWNERS", "b.rst")}}
        )
        assert (stands(project), findings) == ({"prod.yaml": "."}, [])

    def test_layers_are_in_the_same_order_whatever_the_hash_seed(self, discovered: Discover) -> None:
        project, _ = discovered({f"environments/{name}.yaml": "" for name in "zyxbacd"})
        assert list(project.files) == sorted("zyxbacd")


class TestFlat:
    def test_every_file_of_a_layer_stands_at_the_root(self, discovered: Discover) -> None:
        project, findings = discovered(
            {
                "environments/prod/a.yaml": "",
                "environments/prod/deep/b.sops.json": "",
                "environments/prod/_each.yaml": "",
                "environments/prod.yaml": "",
                "cfgc.yaml": "layout: flat\n",
            }
        )
        assert findings == []
        assert stands(project) == {
            "prod.yaml": ".", "prod/_each.yaml": ".*", "prod/a.yaml": ".", "prod/deep/b.sops.json": ". sealed",
        }  # fmt: skip


class TestWhatIsNoLayerFile:
    @pytest.mark.parametrize(
        ("name", "advice"),
        [
            ("web.yaml.bak", None),
            ("web", None),
            ("web.ini", None),
            ("web.YAML", "name it `web.yaml`"),
            ("web.sops.yml", "name it `*.sops.yaml`"),
            ("web.sops.toml", "SOPS writes no TOML: make it a `*.sops.yaml`"),
            ("web.env", "in a layer only an encrypted file may be dotenv (`*.sops.env`); write plain values as YAML"),
        ],
    )
    def test_a_stray_file_is_never_lost_in_silence(self, discovered: Discover, name: str, advice: str | None) -> None:
        """CFG121."""
        _, findings = discovered({**PROD, f"environments/prod/{name}": ""})
        assert [(one.code, str(one.location)) for one in findings] == [("CFG121", f"environments/prod/{name}:1:1")]
        assert findings[0].help == advice or (advice is None and "layer files end in" in findings[0].help)

    def test_a_stray_file_beside_the_layers_is_not_lost_either(self, discovered: Discover) -> None:
        _, findings = discovered({**PROD, "environments/notes.ini": "", "cfgc.yaml": "environments: {prod: {}}\n"})
        assert shown(findings) == [
            "environments/notes.ini:1:1: CFG121 `environments/notes.ini` lies in a layer and is no layer file"
        ]

    @pytest.mark.parametrize("place", ["prod/web.yaml", "prod/managers", "prod.yaml", "test"])
    def test_a_symbolic_link_is_an_error(self, project: Write, place: str) -> None:
        """CFG122, F03."""
        root = project({"environments/base/a.yaml": "", "environments/live/a.yaml": ""})
        (root / "environments" / place).parent.mkdir(exist_ok=True)
        (root / "environments" / place).symlink_to(root / "environments/base")
        _, findings = discover_folder(root)
        assert shown(findings) == [
            f"environments/{place}:1:1: CFG122 `environments/{place}` is a symbolic link, and cfgc follows none"
        ]

    def test_the_folder_of_all_layers_may_not_be_a_link(self, project: Write) -> None:
        root = project({"elsewhere/prod.yaml": ""})
        (root / "environments").symlink_to("elsewhere")
        with pytest.raises(Exception, match="CFG122 `environments` is a symbolic link"):
            discover_folder(root)

    def test_the_settings_may_not_be_a_link(self, project: Write) -> None:
        root = project({**PROD, "elsewhere.yaml": "environments: {}"})
        (root / "cfgc.yaml").symlink_to("elsewhere.yaml")
        with pytest.raises(Exception, match=r"CFG122 `cfgc\.yaml` is a symbolic link"):
            discover_folder(root)

    def test_a_submodule_is_an_error(self, discovered: Discover) -> None:
        """CFG123, Gi6."""
        _, findings = discovered(
            {**PROD, "environments/prod/sub/.git": "gitdir: x", "environments/prod/sub/a.yaml": ""}
        )
        (found,) = findings
        assert (found.code, str(found.location)) == ("CFG123", "environments/prod/sub:1:1")

    def test_a_special_file_is_an_error(self, project: Write) -> None:
        """CFG124, F03."""
        root = project({"environments/prod/a.yaml": ""})
        os.mkfifo(root / "environments/prod/b.yaml")
        project_, findings = discover_folder(root)
        assert shown(findings) == ["environments/prod/b.yaml:1:1: CFG124 `environments/prod/b.yaml` is no regular file"]
        assert stands(project_) == {"prod/a.yaml": "a"}

    def test_regular_files_are_none(self, discovered: Discover) -> None:
        """CFG122, CFG123, CFG124: the passing side."""
        assert discovered({"environments/prod/a.yaml": ""})[1] == []


class TestUnused:
    def test_a_layer_that_no_environment_uses_is_reported_once(self, discovered: Discover) -> None:
        """CFG117."""
        _, findings = discovered(
            {
                **PROD,
                "environments/regions/eu/a.yaml": "",
                "environments/regions/us/a.yaml": "",
                "environments/regions/us/b.yaml": "",
                "environments/regions/us/notes.ini": "",
                "environments/regions/README.md": "",
                "environments/old.yaml": "",
                "cfgc.yaml": "environments: {prod: {extends: regions/eu}}\n",
            }
        )
        assert shown(findings) == [
            "environments/old.yaml:1:1: CFG117 no environment uses the layer `old`",
            "environments/regions/us/a.yaml:1:1: CFG117 no environment uses the layer `regions/us`",
        ]
        assert all(not one.is_error for one in findings)


class TestNames:
    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("ümlaut", "only ASCII letters, digits, `_`, `-` and `.` may stand in it, not `ü`"),
            ("a b", "only ASCII letters, digits, `_`, `-` and `.` may stand in it, not ` `"),
            (
                "-x",
                "only ASCII letters, digits, `_`, `-` and `.` may stand in it, and a letter or digit must come first",
            ),
            ("a\u202eb", "only ASCII letters, digits, `_`, `-` and `.` may stand in it, not `\\u202e`"),
            ("a\nb", "only ASCII letters, digits, `_`, `-` and `.` may stand in it, not `\n`"),
            ("con", "it is a device on Windows"),
            ("Com1.prod", "it is a device on Windows"),
            ("a.", "Windows drops a dot at the end"),
            ("_eech", "names that start with `_` are kept for `_index` and `_each`"),
            ("x" * 101, "it is longer than 100 characters"),
            ("", "it is empty"),
        ],
    )
    def test_every_objection_has_its_reason(self, name: str, reason: str) -> None:
        """O09, Gi5."""
        assert objection(name) == reason

    @given(st.text(max_size=5) | st.from_regex(r"[a-z0-9._-]{1,101}", fullmatch=True))
    def test_a_good_name_is_a_file_on_every_system(self, name: str) -> None:
        good = objection(name) is None
        stem = name.partition(".")[0].lower()
        assert good == (
            0 < len(name) <= 100
            and name.isascii()
            and all(letter.isalnum() or letter in "_-." for letter in name)
            and name[0].isalnum()
            and name[-1] != "."
            and stem not in ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
        )

    def test_a_bad_folder_is_reported_once(self, discovered: Discover) -> None:
        """CFG119: and its files are no content."""
        project, findings = discovered({**PROD, "environments/prod/a b/c.yaml": "", "environments/prod/a b/d.yaml": ""})
        (found,) = findings
        assert (found.code, str(found.location)) == ("CFG119", "environments/prod/a b:1:1")
        assert found.message.startswith("`a b` cannot be the name of a folder: only ASCII letters")
        assert stands(project) == {"prod.yaml": "."}

    @pytest.mark.parametrize("path", ["prod/ü.yaml", "prod/_eech.yaml", "a b.yaml", "nul/a.yaml", "_each.yaml"])
    def test_a_bad_name_is_an_error_wherever_it_stands(self, discovered: Discover, path: str) -> None:
        project, findings = discovered({**PROD, f"environments/{path}": ""})
        assert [one.code for one in findings] == ["CFG119"]
        assert list(project.environments) == ["prod"]

    @pytest.mark.parametrize(
        ("one", "other", "called"),
        [
            ("prod/App.yaml", "prod/app.yaml", "app"),
            ("base/app.yaml", "prod/App.yaml", "App"),
            ("base/managers/a.yaml", "prod/Managers/b.yaml", "Managers"),
            ("base/app/x.yaml", "prod/APP.sops.json", "APP"),
        ],
    )
    def test_names_that_differ_in_case_alone_are_an_error(
        self, discovered: Discover, one: str, other: str, called: str
    ) -> None:
        """CFG120, F13: also across layers, for the tree holds them side by side."""
        _, findings = discovered({f"environments/{one}": "", f"environments/{other}": ""})
        (found,) = findings
        assert (found.code, found.message.partition(" ")[0]) == ("CFG120", f"`{called}`")
        assert {str(found.location), *(str(label.location) for label in found.related)} == {
            f"environments/{one}:1:1", f"environments/{other}:1:1",
        }  # fmt: skip

    def test_layers_that_differ_in_case_alone_are_an_error(self, discovered: Discover) -> None:
        _, findings = discovered({"environments/prod.yaml": "", "environments/Prod/a.yaml": ""})
        assert [one.code for one in findings] == ["CFG120"]

    def test_a_layer_may_be_spelt_as_a_key_otherwise(self, discovered: Discover) -> None:
        assert discovered({"environments/prod.yaml": "", "environments/base/Prod.yaml": ""})[1] == []


class TestSources:
    """In the working tree, the index and every revision alike."""

    def test_every_source_gives_the_same_project(self, project: Write, git: Callable[..., str]) -> None:
        files: Mapping[str, str] = {
            "environments/base/managers/_each.yaml": "",
            "environments/base/managers/b-c.yaml": "",
            "environments/base/managers/b/c.yaml": "",
            "environments/prod.sops.env": "",
            "environments/regions/eu/x.yaml": "",
            "environments/README.md": "",
            "cfgc.yaml": "environments: {prod: {layers: [prod, regions/eu]}}\n",
        }
        root = project(files)
        (root / "environments/base/link.yaml").symlink_to("x")
        git(root, "init", "-q")
        git(root, "add", "-A")
        git(root, "commit", "-qm", "x")
        here, findings = discover_folder(root)
        for source in (Index(root), Revision(root, "HEAD")):
            reader = Reader(source)
            assert discover(source, reader.data, reader.locator) == (here, findings)
        assert shown(findings)[0].startswith("environments/base/link.yaml:1:1: CFG122")

    def test_no_layer_file_is_read(self, project: Write) -> None:
        """What is only a list of files reads none of them."""
        root = project({"environments/prod/a.yaml": "", "cfgc.yaml": "project: x\n"})
        read: list[str] = []

        class Watched:
            def __init__(self, inner: Source) -> None:
                self.list, self.exists, self.describe = inner.list, inner.exists, inner.describe
                self.content_id = inner.content_id

            def read(self, path: str) -> bytes:
                read.append(path)
                return (root / path).read_bytes()

        source = Watched(WorkTree(root))
        reader = Reader(source)
        discover(source, reader.data, reader.locator)
        assert read == ["cfgc.yaml"]

    def test_the_common_case_parses_no_file_again(self, project: Write) -> None:
        """Positions on demand: no run without a finding pays for them."""
        text = "environments: {prod: {extends: []}}\noutputs: [{for: '*', to: x, format: yaml}]\n"
        root = project({"environments/prod/a.yaml": "", "cfgc.yaml": text})

        class Refusing:
            def __getattr__(self, name: str) -> object:
                raise AssertionError(f"asked for {name}")

        source = WorkTree(root)
        project_, findings = discover(source, Reader(source).data, Refusing())  # type: ignore[arg-type]
        assert findings == []
        assert str(project_.outputs[0].location) == "cfgc.yaml#outputs[0]"
        assert str(project_.environments["prod"].location) == "cfgc.yaml#environments.prod"


def test_layer_files_are_plain_facts(discovered: Discover) -> None:
    project, _ = discovered({"environments/prod/managers/web.sops.json": ""})
    assert project.files["prod"] == (
        LayerFile("environments/prod/managers/web.sops.json", "prod", ("managers", "web"), "json", sops=True),
    )


def test_a_folder_that_cannot_be_read_is_a_finding(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    """CFG103."""
    real = os.open

    def refusing(path: str | Path, *args: int, **options: Any) -> int:
        if path == "managers":
            raise PermissionError(13, "Permission denied")
        return real(path, *args, **options)

    monkeypatch.setattr(os, "open", refusing)
    assert shown(refused({"environments/prod/managers/a.yaml": ""})) == [
        "environments/prod/managers:1:1: CFG103 cannot read the folder `environments/prod/managers`: Permission denied"
    ]
