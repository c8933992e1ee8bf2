"""Where a clone keeps its state, and what tells two clones apart."""

from pathlib import Path

from launch.state import SYSTEM, State, base_folder, clone_id, digest


def test_an_ordinary_users_state_lies_in_the_clone(tmp_path: Path) -> None:
    assert base_folder(tmp_path, {}, uid=1000) == tmp_path / ".state"
    assert list(tmp_path.iterdir()) == []


def test_roots_state_lies_where_the_database_servers_user_can_reach_it(tmp_path: Path) -> None:
    folder = base_folder(tmp_path, {}, uid=0)
    assert folder.parent == SYSTEM
    assert base_folder(tmp_path, {}, uid=0) == folder


def test_two_clones_and_a_new_clone_at_an_old_path_have_states_of_their_own(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    of_first = base_folder(first, {}, uid=0)
    assert base_folder(second, {}, uid=0) != of_first
    (first / ".state-of-root").unlink()
    assert base_folder(first, {}, uid=0) != of_first


def test_the_environment_can_name_another_folder(tmp_path: Path) -> None:
    chosen = {"DINGDIAN_STATE": str(tmp_path / "elsewhere")}
    assert base_folder(tmp_path, chosen, uid=0) == tmp_path / "elsewhere"
    assert base_folder(tmp_path, chosen, uid=1000) == tmp_path / "elsewhere"


def test_a_clone_that_cannot_be_written_to_still_has_a_state(tmp_path: Path) -> None:
    assert clone_id(tmp_path / "not there") == ""


def test_the_tests_have_a_database_and_keys_of_their_own_and_share_the_fonts(tmp_path: Path) -> None:
    running, testing = State(tmp_path), State(tmp_path, "test")
    assert running.postgres != testing.postgres
    assert running.keys != testing.keys
    assert running.venv != testing.venv
    assert running.fonts == testing.fonts


def test_what_was_done_is_remembered_and_the_rest_is_empty(tmp_path: Path) -> None:
    here = State(tmp_path)
    here.make()
    assert here.stamp("tables") == ""
    here.set_stamp("tables", "x")
    here.set_stamp("static", "y")
    assert (here.stamp("tables"), here.stamp("static")) == ("x", "y")


def test_the_folders_are_closed_to_listing_by_others(tmp_path: Path) -> None:
    here = State(tmp_path / "state")
    here.make()
    assert here.folder.stat().st_mode & 0o066 == 0
    assert here.logs.stat().st_mode & 0o077 == 0


def test_a_digest_changes_with_content_and_with_the_list_of_files(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("1")
    two.write_text("2")
    before = digest([one])
    assert digest([one, two]) != before
    assert digest([one], "more") != before
    one.write_text("changed")
    assert digest([one]) != before
