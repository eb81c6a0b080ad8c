"""Documents are shared by sessions over several contents: an unchanged file is read once, by its blob id."""

from __future__ import annotations

from cfgc.stages.read import Reader, Shelf
from tests.memory import Memory
from tests.read.desk import layer_file


class Stored(Memory):
    """Files whose content ids are known without reading."""

    def __init__(self, files: dict[str, str], ids: dict[str, str]) -> None:
        super().__init__(files)
        self.ids = ids

    def content_id(self, path: str) -> str:
        return self.ids.get(path, "")


def blob(text: str) -> str:
    from cfgc.external.git import blob_id

    return blob_id(text.encode())


def test_a_file_of_the_same_content_is_neither_read_nor_parsed_again() -> None:
    shelf = Shelf()
    first = Reader(Stored({"a.yaml": "a: 1\n"}, {}), shelf).read(layer_file("a.yaml"))
    later = Stored({"a.yaml": "a: 1\n"}, {"a.yaml": blob("a: 1\n")})
    again = Reader(later, shelf).read(layer_file("a.yaml"))
    assert again[0] is first[0]
    assert later.opened == []


def test_another_content_of_a_file_is_another_document() -> None:
    shelf = Shelf()
    Reader(Stored({"a.yaml": "a: 1\n"}, {}), shelf).read(layer_file("a.yaml"))
    document, _ = Reader(Stored({"a.yaml": "a: 2\n"}, {"a.yaml": blob("a: 2\n")}), shelf).read(layer_file("a.yaml"))
    assert document is not None
    assert document.data == {"a": 2}


def test_a_file_that_stands_elsewhere_is_another_document() -> None:
    shelf = Shelf()
    text = {"a.yaml": "a: 1\n"}
    ids = {"a.yaml": blob("a: 1\n")}
    Reader(Stored(text, ids), shelf).read(layer_file("a.yaml"))
    moved = layer_file("a.yaml")._replace(at=("managers",))
    document, _ = Reader(Stored(text, ids), shelf).read(moved)
    assert document is not None
    assert document.file.at == ("managers",)


def test_what_is_wrong_with_a_file_is_found_each_time() -> None:
    shelf = Shelf()
    for _ in range(2):
        document, found = Reader(Stored({"a.yaml": "a: [\n"}, {"a.yaml": "x"}), shelf).read(layer_file("a.yaml"))
        assert document is None
        assert found


def test_lints_of_a_shelved_file_are_found_with_their_places() -> None:
    shelf = Shelf()
    text, ids = {"a.yaml": "a: no\n"}, {"a.yaml": blob("a: no\n")}
    for _ in range(2):
        reader = Reader(Stored(text, ids), shelf)
        reader.read(layer_file("a.yaml"))
        assert [trap.location.line for trap in reader.traps("a.yaml")] == [1]
