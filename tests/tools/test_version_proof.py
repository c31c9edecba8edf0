"""`version`: what runs here has one digest, is signed, fits a QR code, and is not believed when it does not hold."""

import hashlib
import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.running import NoStatement, Statement, code_files, config_files, digest, parse, signed_text
from offline_cache.keys import FILE, PublicKey, TerminalKey
from tests.tools.small_terminal import write_settings
from tools.cli import ROOT, main
from tools.locked import locked
from tools.version_verb import Release, checked, unlocked

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
STATEMENT = Statement(
    terminal="TM-9",
    version="0.1.0",
    code="c" * 64,
    config="d" * 64,
    packages="e" * 64,
    at=NOW.isoformat(),
    key="0123456789abcdef",
)
KEY = TerminalKey.new()
PUBLIC = PublicKey.parse(KEY.public)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A small copy of what is installed."""
    root = tmp_path / "root"
    for folder in ("config", "ground"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copy(ROOT / "run_kiosk.py", root)
    return root


def test_the_digest_is_what_sha256sum_says(installed: Path) -> None:
    names = "\n".join(sorted(code_files(installed)))
    listed = subprocess.run(
        ["xargs", "-d", "\n", "sha256sum"],
        input=names,
        cwd=installed,
        capture_output=True,
        text=True,
        check=True,
    )
    assert digest(code_files(installed)) == hashlib.sha256(listed.stdout.encode()).hexdigest()


def test_it_does_not_depend_on_when_and_where_but_on_every_byte(installed: Path, tmp_path: Path) -> None:
    code = digest(code_files(installed))
    other = tmp_path / "elsewhere"
    shutil.copytree(installed, other)
    os.utime(other / "run_kiosk.py", (1, 1))
    (other / "ground" / "__pycache__").mkdir(exist_ok=True)
    (other / "ground" / "__pycache__" / "clock.cpython-311.pyc").write_bytes(b"made by python")
    (other / "config" / "terminal.toml").write_text("# another site", encoding="ascii")
    (other / "build").mkdir()
    (other / "build" / "left").write_bytes(b"no part of the product")
    assert digest(code_files(other)) == code
    assert digest(config_files(other, [])) != digest(config_files(installed, []))
    for change in (other / "ground" / "clock.py", other / "ground" / "more.py", other / "sitecustomize.py"):
        before = change.read_bytes() if change.exists() else None
        change.write_bytes((before or b"") + b" ")
        assert digest(code_files(other)) != code
        change.unlink() if before is None else change.write_bytes(before)
    assert digest(code_files(other)) == code


def test_a_good_statement_holds_and_fits_a_code() -> None:
    text = signed_text(STATEMENT, KEY)
    assert checked(text, PUBLIC, NOW, timedelta(minutes=5), None).problems == ()
    assert len(text) < 666  # version 20 at level M: 97 modules a side, read by any phone


@settings(max_examples=40)
@given(data=st.data())
def test_no_changed_character_passes(data: st.DataObject) -> None:
    text = signed_text(STATEMENT, KEY)
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda each: each != text[place]))
    try:
        found = checked(text[:place] + other + text[place + 1 :], PUBLIC, NOW, None, None)
    except NoStatement:
        return
    assert found.problems or (found.statement == STATEMENT and other.isspace())


@settings(max_examples=40)
@given(st.one_of(st.text(max_size=300), st.builds(lambda rest: f"TTSV1:{rest}", st.text(max_size=300))))
def test_nonsense_is_refused_in_words(text: str) -> None:
    with pytest.raises(NoStatement):
        parse(text)


def test_another_key_an_old_code_and_another_release_are_told() -> None:
    text = signed_text(STATEMENT, KEY)
    stranger = PublicKey.parse(TerminalKey.new().public)
    assert checked(text, stranger, NOW, None, None).problems == ("signature",)
    later = NOW + timedelta(hours=2)
    assert checked(text, PUBLIC, later, timedelta(hours=1), None).problems == ("time",)
    assert checked(text, PUBLIC, later, None, None).problems == ()
    assert checked(text, PUBLIC, NOW - timedelta(days=1), None, None).problems == ("time",)
    assert checked(text, PUBLIC, NOW, None, Release("0.1.0", "f" * 64, {})).problems == ("code",)


def test_a_package_in_another_version_than_the_locked_is_told() -> None:
    lock = locked()
    here = {each.name: each.version for each in lock if each.here}
    assert len(here) > 50 and unlocked(lock, here) == []
    assert unlocked(lock, here | {"numpy": "0.1"}) == [f"numpy 0.1 (lock: {here['numpy']})"]


def test_from_the_terminal_to_a_picture_and_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config, data = tmp_path / "terminal.toml", tmp_path / "data"
    write_settings(config, data)
    data.mkdir()
    asked = ("--config", str(config))
    assert main(["version", *asked, "--qr", str(tmp_path / "v.png")]) == 1  # nothing to sign with
    KEY.save(data / FILE)
    assert main(["version", *asked, "--manifest", str(tmp_path / "release.json")]) == 0
    capsys.readouterr()
    assert main(["version", *asked, "--qr", str(tmp_path / "v.png"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["signed"] and said["terminal"] == "TM-9"
    check = ["version", *asked, "--json", "--check"]
    against = ["--against", str(tmp_path / "release.json")]
    assert main([*check, str(tmp_path / "v.png"), "--key", KEY.public, *against]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] and found["code"] == said["code"]
    (tmp_path / "said.txt").write_text(said["statement"].replace("TM-9", "TM-8"), encoding="ascii")
    assert main([*check, str(tmp_path / "said.txt")]) == 1
    assert json.loads(capsys.readouterr().out)["problems"] == ["signature"]
    assert main([*check, "nonsense.txt"]) == 2
    (tmp_path / "release.json").write_text('{"version": "0.1.0", "code": "", "files": {}}', encoding="ascii")
    assert main([*check, said["statement"], *against]) == 2  # a list that is not its digest's
