"""What Git and CODEOWNERS know of each file: last commit, owner, what is ignored, what is not committed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cfgc.diagnostics import Failed
from cfgc.external.git import locate
from cfgc.external.git.commits import History
from cfgc.external.git.last import last_commits
from cfgc.reports.scan import Request, scan
from cfgc.reports.scan.inventory import Source
from cfgc.reports.scan.owners import Owners

Git = Callable[..., str]


class Repo:
    """A repository that commits as somebody on some day."""

    def __init__(self, root: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self._git = git
        self._patch = monkeypatch
        git(root, "init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        return self._git(self.root, *arguments)

    def write(self, name: str, text: str) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text)

    def commit(self, subject: str, day: int, author: str = "Ann Example") -> str:
        for role in ("AUTHOR", "COMMITTER"):
            self._patch.setenv(f"GIT_{role}_DATE", f"2026-01-{day:02}T12:00:00Z")
        self._patch.setenv("GIT_AUTHOR_NAME", author)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", subject)
        return self.git("rev-parse", "HEAD").strip()

    def sources(self, below: str = "", **options: object) -> dict[str, Source]:
        inventory, problems = scan(Request(self.root / below, **options))  # type: ignore[arg-type]
        assert not problems
        return {source.facts.path: source for source in inventory.sources}

    def subjects(self, below: str = "") -> dict[str, str | None]:
        """Path -> the subject of its last commit."""
        return {path: each.commit.subject if each.commit else None for path, each in self.sources(below).items()}


@pytest.fixture
def repo(tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> Repo:
    return Repo(tmp_path, git, monkeypatch)


def test_the_last_commit_is_the_one_that_changed_the_file(repo: Repo) -> None:
    repo.write("a.yaml", "a: 1\n")
    repo.write("b/c.yaml", "c: 1\n")
    repo.commit("first", 1)
    repo.write("a.yaml", "a: 2\n")
    second = repo.commit("second", 2, "Bob Example")
    repo.write("README.md", "# x\n")
    repo.commit("third", 3)
    found = repo.sources()
    assert repo.subjects() == {"a.yaml": "second", "b/c.yaml": "first"}
    last = found["a.yaml"].commit
    assert last is not None
    assert last == (second, "Bob Example", "2026-01-02", "second")


def test_it_is_what_git_log_says_for_every_file_of_a_branchy_history(repo: Repo) -> None:
    for number in range(4):
        repo.write(f"{number}.yaml", "a: 1\n")
    repo.commit("root", 1)
    repo.git("checkout", "-q", "-b", "side")
    repo.write("1.yaml", "a: side\n")
    repo.commit("on the side", 2)
    repo.write("3.yaml", "a: given up\n")
    repo.commit("given up later", 3)
    repo.git("checkout", "-q", "main")
    repo.write("2.yaml", "a: main\n")
    repo.commit("on main", 4)
    repo.git("merge", "-q", "--no-ff", "--no-commit", "side")
    repo.write("3.yaml", "a: 1\n")
    repo.commit("merge", 5)
    expected = {
        f"{number}.yaml": repo.git("log", "-1", "--format=%s", "--", f"{number}.yaml").strip() for number in range(4)
    }
    assert repo.subjects() == expected
    assert expected["1.yaml"] == "on the side"


def test_a_content_that_came_back_belongs_to_the_commit_that_brought_it_back(repo: Repo) -> None:
    for day, text in enumerate(("a: 1\n", "a: 2\n", "a: 1\n"), 1):
        repo.write("a.yaml", text)
        repo.commit(f"day {day}", day)
    assert repo.subjects() == {"a.yaml": "day 3"}


def test_a_file_that_is_not_as_committed_is_marked(repo: Repo) -> None:
    repo.write("a.yaml", "a: 1\n")
    repo.write("b.yaml", "a: 1\n")
    repo.commit("first", 1)
    repo.write("a.yaml", "a: 2\n")
    repo.write("new.yaml", "a: 1\n")
    found = repo.sources()
    assert {path: each.changed for path, each in found.items()} == {"a.yaml": True, "b.yaml": False, "new.yaml": True}
    assert found["new.yaml"].commit is None


def test_a_folder_inside_is_told_with_paths_of_its_own(repo: Repo) -> None:
    repo.write("a.yaml", "a: 1\n")
    repo.write("deep/b.yaml", "a: 1\n")
    repo.write("CODEOWNERS", "/deep/ @deep\n")
    repo.commit("first", 1)
    assert repo.subjects("deep") == {"b.yaml": "first"}
    assert repo.sources("deep")["b.yaml"].owners == ("@deep",)


def test_what_a_shallow_clone_lacks_is_told_of_no_commit(repo: Repo, git: Git, tmp_path: Path) -> None:
    repo.write("old.yaml", "a: 1\n")
    repo.commit("first", 1)
    repo.write("new.yaml", "a: 1\n")
    repo.commit("second", 2)
    repo.write("newest.yaml", "a: 1\n")
    repo.commit("third", 3)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{repo.root}", str(clone))
    inventory, problems = scan(Request(clone))
    assert not problems
    found = {each.facts.path: each.commit and each.commit.subject for each in inventory.sources}
    assert found == {"new.yaml": None, "newest.yaml": "third", "old.yaml": None}


def test_ignored_and_removed_files_are_left_out_and_new_ones_are_not(repo: Repo) -> None:
    repo.write(".gitignore", "/local.yaml\nbuild/\n")
    repo.write("gone.yaml", "a: 1\n")
    repo.write("build/kept.yaml", "a: 1\n")
    repo.git("add", "-f", "build/kept.yaml")
    repo.commit("first", 1)
    (repo.root / "gone.yaml").unlink()
    repo.write("local.yaml", "a: 1\n")
    repo.write("build/made.yaml", "a: 1\n")
    repo.write("new.yaml", "a: 1\n")
    assert set(repo.sources()) == {"build/kept.yaml", "new.yaml"}


def test_a_repository_without_a_commit_is_scanned(repo: Repo) -> None:
    repo.write("a.yaml", "a: 1\n")
    assert repo.subjects() == {"a.yaml": None}
    assert scan(Request(repo.root, history=True))[0].past == ()


def test_the_history_of_what_has_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Failed) as refused:
        scan(Request(tmp_path, history=True))
    assert [each.name for each in refused.value.diagnostics] == ["not-a-repository"]


def test_the_history_is_that_of_every_branch_and_of_no_other_folder(repo: Repo) -> None:
    secret = f"token: glpat-{'Ab3dEf6h' * 3}\n"
    repo.write("deep/a.yaml", "a: 1\n")
    repo.commit("first", 1)
    repo.git("checkout", "-q", "-b", "side")
    repo.write("deep/b.yaml", secret)
    repo.write("c.yaml", f"# other\n{secret}")
    repo.commit("second", 2)
    repo.git("checkout", "-q", "main")
    past = scan(Request(repo.root / "deep", history=True))[0].past
    assert past is not None
    assert [each.path for each in past] == ["b.yaml"]
    assert scan(Request(repo.root, history=True, exclude=("/deep/", "*.yaml")))[0].past == ()


def test_a_past_secret_is_told_with_the_commits_that_brought_and_removed_it(repo: Repo) -> None:
    secret = f"token: glpat-{'Ab3dEf6h' * 3}\n"
    repo.write("a.yaml", "a: 1\n")
    repo.commit("root", 1)
    repo.write("a.yaml", secret)
    brought = repo.commit("brings it", 2, "Bob Example")
    repo.git("mv", "a.yaml", "b.yaml")
    repo.commit("moves it", 3)
    repo.write("c.yaml", f"# on a branch\n{secret}")
    repo.git("checkout", "-q", "-b", "side")
    still = repo.commit("on the side", 4)
    repo.git("checkout", "-q", "main")
    repo.write("b.yaml", "token: ${TOKEN}\n")
    removed = repo.commit("removes it", 5)
    found = {each.suspicion.line: each for each in scan(Request(repo.root, history=True))[0].past or ()}
    assert found[1].brought == (brought, "Bob Example", "2026-01-02", "brings it")
    assert found[1].removed == (removed, "Ann Example", "2026-01-05", "removes it")
    assert found[2].brought is not None
    assert (found[2].brought.id, found[2].removed) == (still, None)


def test_what_a_shallow_clone_begins_with_was_brought_by_nobody(repo: Repo, git: Git, tmp_path: Path) -> None:
    repo.write("a.yaml", f"token: glpat-{'Ab3dEf6h' * 3}\n")
    repo.commit("brings it", 1)
    repo.write("b.yaml", "a: 1\n")
    repo.commit("between", 2)
    repo.write("a.yaml", "a: 1\n")
    removed = repo.commit("removes it", 3)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{repo.root}", str(clone))
    (past,) = scan(Request(clone, history=True))[0].past or ()
    assert past.brought is None
    assert past.removed is not None
    assert past.removed.id == removed


def test_a_folder_that_git_ignores_is_scanned_as_one_outside(repo: Repo) -> None:
    repo.write(".gitignore", "/parts/\n")
    repo.write("parts/a.yaml", "a: 1\n")
    repo.commit("first", 1)
    assert set(repo.sources("parts")) == {"a.yaml"}
    assert set(repo.sources()) == set()


def test_one_walk_is_bounded(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write("a.yaml", "a: 1\n")
    repo.commit("first", 1)
    head = repo.commit("second", 2)
    blob = repo.git("rev-parse", "HEAD:a.yaml").strip()
    assert set(last_commits(History(repo.root), head, {"a.yaml": blob})) == {"a.yaml"}
    monkeypatch.setattr("cfgc.external.git.last.MOST_COMMITS", 1)
    assert last_commits(History(repo.root), head, {"a.yaml": blob}) == {}
    assert locate(repo.root).prefix == ""


@pytest.mark.parametrize(
    ("pattern", "path", "owned"),
    [
        ("*", "a/b.yaml", True),
        ("*.yaml", "a/b.yaml", True),
        ("/*.yaml", "a/b.yaml", False),
        ("/a/", "a/b/c.yaml", True),
        ("/a", "a/b.yaml", True),
        ("a/", "x/a/b.yaml", True),
        ("/a/*.yaml", "a/b/c.yaml", False),
        ("/a/**/c.yaml", "a/b/b/c.yaml", True),
        ("a?.yaml", "ab.yaml", True),
        ("[ab].yaml", "b.yaml", True),
        ("with\\ space.yaml", "with space.yaml", True),
        ("a.yaml", "axyaml", False),
        ("(a|b)+$", "a", False),
    ],
)
def test_patterns_of_codeowners(pattern: str, path: str, owned: bool) -> None:
    assert Owners(f"{pattern} @team\n").of(path) == (("@team",) if owned else ())


def test_the_last_line_counts_and_every_section_does() -> None:
    owners = Owners(
        "# all\n* @all\n*.yaml @yaml @two # why\n\n[Ops][2] @ops\n/prod/\n/prod/db.yaml @dba\n"
        "^[Docs] @docs\n/docs/\n!/docs/made/\n"
    )
    assert owners.of("a.txt") == ("@all",)
    assert owners.of("a.yaml") == ("@yaml", "@two")
    assert owners.of("prod/a.txt") == ("@all", "@ops")
    assert owners.of("prod/db.yaml") == ("@yaml", "@two", "@dba")
    assert owners.of("docs/a.txt") == ("@all", "@docs")
    assert owners.of("docs/made/a.txt") == ("@all",)
    assert Owners("a.yaml\n").of("a.yaml") == ()


def test_codeowners_is_found_where_the_platforms_look(repo: Repo) -> None:
    repo.write("a.yaml", "a: 1\n")
    assert repo.sources()["a.yaml"].owners == ()
    repo.write(".gitlab/CODEOWNERS", "* @gitlab\n")
    assert repo.sources()["a.yaml"].owners == ("@gitlab",)
    repo.write("CODEOWNERS", "* @root\n")
    assert repo.sources()["a.yaml"].owners == ("@root",)
