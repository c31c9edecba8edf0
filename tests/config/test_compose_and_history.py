"""Values change, comments stay; every version is kept, and a cut at any moment leaves the old file or the new one."""

import os
import tomllib
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.compose import NotComposed, composed, toml_value
from config.history import History, Unusable

SHIPPED = Path(__file__).parents[2] / "config" / "terminal.toml"
TEXT = SHIPPED.read_text(encoding="utf-8")
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)


def test_a_value_changes_in_place_and_keeps_its_comment() -> None:
    changed = composed(TEXT, {("site", "name"): '岳口#镇"便民'})
    (line,) = set(changed.splitlines()) - set(TEXT.splitlines())
    assert line == 'name = "岳口#镇\\"便民"  # 地点名称，显示在首页和凭条上 · the place\'s name'
    assert len(changed.splitlines()) == len(TEXT.splitlines())


def test_what_is_commented_out_is_uncommented() -> None:
    changed = composed(TEXT, {("site", "position"): [30.1, 113.2]})
    assert "\nposition = [30.1, 113.2]  # 度，" in changed and "# position" not in changed


def test_devices_come_go_and_change_their_driver() -> None:
    changed = composed(
        TEXT,
        {
            ("devices", "evaluator"): None,
            ("devices", "id_card"): {"driver": "sdt", "url": "/dev/a"},
            ("devices", "document_camera"): {"driver": "eloam_http", "url": "http://127.0.0.1:38088"},
            ("devices", "page_printer"): {"driver": "ipp", "url": "ipp://printer/ipp"},
        },
        lambda place: f"  # {'.'.join(place)}",
    )
    devices = tomllib.loads(changed)["devices"]
    assert list(devices) == ["id_card", "document_camera", "receipt_printer", "page_printer"]
    assert devices["id_card"]["baud"] == 115200, "the same driver keeps what else it was told"
    assert devices["document_camera"] == {"driver": "eloam_http", "url": "http://127.0.0.1:38088"}
    assert 'url = "ipp://printer/ipp"  # devices.page_printer.url' in changed


def test_a_technicians_own_lines_stay() -> None:
    own = "# mine\n[site]\nname = 'a' # theirs\n\n[link]\n"
    own += "metered_interfaces = [\n  'x',  # one\n]  # all\n[face]\nzoom = 1.0\n"
    changed = composed(own, {("link", "metered_interfaces"): ["wwan*"], ("face", "width_px"): 1920})
    assert changed == (
        "# mine\n[site]\nname = 'a' # theirs\n\n[link]\nmetered_interfaces = [\"wwan*\"]  # all\n"
        "[face]\nzoom = 1.0\nwidth_px = 1920\n"
    )


def test_a_section_that_the_file_does_not_show_is_added_with_its_heading_first() -> None:
    changed = composed(
        '[site]\nname = "x"\n', {("paper", "shift_right_mm"): 0.5, ("paper", "shift_down_mm"): 0.0}
    )
    assert changed == '[site]\nname = "x"\n\n[paper]\nshift_right_mm = 0.5\nshift_down_mm = 0.0\n'


def test_what_cannot_be_changed_by_lines_is_refused() -> None:
    with pytest.raises(NotComposed):
        composed("site.name = 'dotted'\n[site2]\n", {("site", "name"): "x"})


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.booleans() | st.integers(-(2**40), 2**40) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@given(VALUES)
def test_every_value_is_read_back(value: Any) -> None:
    assert tomllib.loads(f"it = {toml_value(value)}")["it"] == value


# --- history ---


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "terminal.toml"


def named(name: str) -> str:
    return composed(TEXT, {("site", "name"): name})


def change(path: Path, name: str) -> int:
    return History(path).change(named(name), who="kiosk", why="setup", at=AT).number


def test_versions_are_kept_and_any_comes_back(path: Path) -> None:
    assert [change(path, name) for name in ("one", "two", "two", "three")] == [1, 2, 2, 3]
    history = History(path)
    assert '-name = "one"' in history.diff(1) and '+name = "three"' in history.diff(1)
    back = history.roll_back(1, who="kiosk", at=AT)
    assert (back.number, back.why, path.read_text(encoding="utf-8")) == (4, "rollback 1", named("one"))
    assert [one.number for one in history.versions()] == [1, 2, 3, 4]
    with pytest.raises(LookupError):
        history.roll_back(9, who="kiosk", at=AT)


def test_what_somebody_changed_by_hand_is_kept_first(path: Path) -> None:
    change(path, "one")
    path.write_text(named("by hand"), encoding="utf-8")
    change(path, "two")
    assert [one.why for one in History(path).versions()] == ["setup", "by_hand", "setup"]
    assert "by hand" in History(path).text(2)


def test_a_configuration_with_mistakes_changes_nothing(path: Path) -> None:
    change(path, "one")
    with pytest.raises(Unusable) as caught:
        History(path).change(
            named("two").replace("patience_s = 120.0", "patience_s = 1"), who="k", why="s", at=AT
        )
    assert caught.value.mistakes
    assert path.read_text(encoding="utf-8") == named("one")
    assert sorted(one.name for one in path.parent.iterdir()) == ["history", "terminal.toml"]


def test_a_spoilt_version_is_not_taken_back(path: Path) -> None:
    change(path, "one")
    change(path, "two")
    (path.parent / "history" / "0001.toml").write_text(named("forged"), encoding="utf-8")
    with pytest.raises(LookupError):
        History(path).roll_back(1, who="kiosk", at=AT)


@pytest.mark.parametrize("cut", range(8))
def test_cut_at_any_rename_or_sync_the_file_is_whole(
    path: Path, cut: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power goes at the `cut`-th fsync: whoever comes back finds one of the two texts, and can go on."""
    change(path, "one")
    left, real = cut, os.fsync

    def failing(descriptor: int) -> None:
        nonlocal left
        if left == 0:
            raise OSError("power cut")
        left -= 1
        real(descriptor)

    monkeypatch.setattr(os, "fsync", failing)
    with suppress(OSError):
        change(path, "two")
    monkeypatch.setattr(os, "fsync", real)
    assert path.read_text(encoding="utf-8") in (named("one"), named("two"))
    assert change(path, "three") >= 2
    assert path.read_text(encoding="utf-8") == named("three")
