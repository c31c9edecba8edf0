"""What is written whole is the old text or the new one."""

import os
from pathlib import Path

import pytest

from ground.durable import write_whole


def test_it_stands_there_with_its_mode_whatever_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "one"
    before = os.umask(0o077)
    try:
        write_whole(path, "旧", 0o644)
        write_whole(path, "新".encode(), 0o644)
    finally:
        os.umask(before)
    assert path.read_text(encoding="utf-8") == "新"
    assert path.stat().st_mode & 0o777 == 0o644
    assert [each.name for each in tmp_path.iterdir()] == ["one"]


def test_what_cannot_take_its_place_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "one"
    path.mkdir()
    with pytest.raises(OSError, match="directory"):
        write_whole(path, "new")
    assert [each.name for each in tmp_path.iterdir()] == ["one"]


def test_a_link_left_in_its_way_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine", encoding="utf-8")
    (tmp_path / "one.new").symlink_to(elsewhere)
    write_whole(tmp_path / "one", "new")
    assert elsewhere.read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "one").read_text(encoding="utf-8") == "new"
