"""What is kept on disk: damaged, of another account, of another version, it is read again, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from corsmith.account.snapshot import Failure, Place, RestApiState
from corsmith.account.store import Journal, Shelf, Store

from . import states

PLACE = states.PLACE


def filled(root: Path) -> Shelf:
    """Return a shelf of which two APIs were read, and one passed over."""
    shelf = Store(root).shelf(PLACE)
    reading = shelf.begin(1000.0, "all", 0)
    for id_ in ("one", "two"):
        shelf.keep(f"restapis/{id_}", states.rest_state(states.rest(id_)))
    shelf.pass_over("restapis/gone")
    shelf.note(Failure("apigateway:GetStages", "arn", "AccessDenied", "may not"))
    shelf.keep_list("restapis", ({"id": "one"}, {"id": "two"}))
    shelf.end(reading, 1001.0)
    return shelf


def again(shelf: Shelf) -> set[str]:
    """Return what need not be read again by a run that takes what was read a minute ago."""
    reading = shelf.begin(1060.0, "all", 3600)
    if reading.ended is not None:
        return {"all"}
    return set(shelf.done())


def test_a_sound_one_is_used_as_it_is(tmp_path: Path) -> None:
    shelf = filled(tmp_path)
    assert again(shelf) == {"all"}
    assert [each.id for each in shelf.states(RestApiState)] == ["one", "two"]


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20])


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def garbage(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00garbage")


def of_another_account(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(states.ACCOUNT.encode(), b"999999999999"))


def of_another_kind(file: Path) -> None:
    file.write_bytes(b"[1, 2]")


@pytest.mark.parametrize("damage", [cut, emptied, garbage, of_another_account, of_another_kind, Path.unlink])
def test_what_is_damaged_is_read_again_and_nothing_else(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    shelf = filled(tmp_path)
    damage(shelf.folder / "restapis" / "two.json")
    assert again(shelf) == {"restapis/one", "restapis/gone"}
    assert [each.id for each in shelf.states(RestApiState)] == ["one"]


@pytest.mark.parametrize("damage", [cut, emptied, garbage, of_another_kind])
@pytest.mark.parametrize("name", ["reading.json", "failures.jsonl"])
def test_where_nothing_can_be_known_all_is_read_again(
    tmp_path: Path, damage: Callable[[Path], None], name: str
) -> None:
    shelf = filled(tmp_path)
    damage(shelf.folder / name)
    assert again(shelf) == set()
    assert list(shelf.states(RestApiState)) == []
    assert shelf.failures() == ()


def test_another_version_is_read_again(tmp_path: Path) -> None:
    shelf = filled(tmp_path)
    file = shelf.folder / "reading.json"
    file.write_text(file.read_text().replace('"format":2', '"format":1'))
    assert again(shelf) == set()


def test_the_folder_of_another_account_is_read_again(tmp_path: Path) -> None:
    shelf = filled(tmp_path)
    other = Store(tmp_path).shelf(Place("aws", "999999999999", PLACE.region))
    other.folder.parent.mkdir()
    shelf.folder.rename(other.folder)
    assert again(other) == set()
    assert other.listed("restapis") is None


def test_names_that_nothing_noted_are_taken_away(tmp_path: Path) -> None:
    shelf = filled(tmp_path)
    (shelf.folder / "restapis" / "three.json").write_bytes(b"{}")
    assert again(shelf) == {"all"}
    assert [each.id for each in shelf.states(RestApiState)] == ["one", "two"]


def test_a_list_that_is_damaged_is_read_again(tmp_path: Path) -> None:
    shelf = filled(tmp_path)
    garbage(shelf.folder / "lists" / "restapis.json")
    assert shelf.listed("restapis") is None


def test_places_of_a_run_that_goes_on_count_as_just_read(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = store.run(1000.0, "all of it")
    shelf = store.shelf(PLACE)
    shelf.end(shelf.begin(1000.0, "all", 0, first.id), 1001.0)
    assert store.run(1100.0, "all of it") == first
    assert shelf.begin(1100.0, "all", 0, first.id).ended == 1001.0
    # Another question, a run that ended, one that is too old: all is read again.
    assert store.run(1100.0, "a part") != first
    store.ended("all of it")
    second = store.run(1100.0, "all of it")
    assert second != first
    assert shelf.begin(1100.0, "all", 0, second.id).ended is None
    assert store.run(1100.0 + 3601, "all of it") != second


def test_a_run_whose_file_is_damaged_is_a_new_one(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = store.run(1000.0, "all")
    (file,) = tmp_path.glob("run-*.json")
    garbage(file)
    assert store.run(1001.0, "all") != first


def test_answers_are_remembered_until_the_thing_is_kept(tmp_path: Path) -> None:
    shelf = Store(tmp_path).shelf(PLACE)
    shelf.begin(1000.0, "all", 0)
    shelf.answers().keep("apigateway", "GetStages", {"restApiId": "one"}, {"item": []})
    assert shelf.answers().known("apigateway", "GetStages", {"restApiId": "one"}) == {"item": []}
    assert shelf.answers().known("apigateway", "GetStages", {"restApiId": "two"}) is None
    assert shelf.answers().known("apigateway", "GetExport", {"restApiId": "one"}) is None
    shelf.keep("restapis/one", states.rest_state(states.rest("one")))
    assert shelf.answers().known("apigateway", "GetStages", {"restApiId": "one"}) is None


def test_an_answer_that_was_cut_off_is_asked_for_again(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    for id_ in ("one", "two"):
        Journal(file).keep("apigateway", "GetStages", {"restApiId": id_}, {"item": []})
    file.write_bytes(file.read_bytes()[:-4])
    Journal(file).keep("apigateway", "GetStages", {"restApiId": "three"}, {"item": []})
    Journal(file).keep("apigateway", "GetStages", {"restApiId": "four"}, {"item": []})
    known = [
        id_
        for id_ in ("one", "two", "three", "four")
        if Journal(file).known("apigateway", "GetStages", {"restApiId": id_}) is not None
    ]
    assert known == ["one", "four"]
    assert msgspec.json.decode(file.read_bytes().split(b"\n")[0])
