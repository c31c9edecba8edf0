"""`run_kiosk.py codes`: one object an image and line, files that cannot be read, texts that would steer a terminal."""

import json
import subprocess
import sys
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.kiosk.capture.codes_printed import on_a_sheet, printed
from tools.cli import main
from tools.codes import shown

ROOT = Path(__file__).parents[2]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A JPEG with a QR code and a Code 128."""
    sheet = on_a_sheet(printed("https://zwfw.example.cn/受理"), printed("TM420", "Code128"))
    path = tmp_path / "照片 1.jpg"
    path.write_bytes(cv2.imencode(".jpg", sheet)[1].tobytes())
    return path


def test_json_is_one_object_an_image_and_line(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["codes", str(photo), str(photo), "--json"]) == 0
    out, err = capsys.readouterr()
    first, second = (json.loads(line) for line in out.splitlines())
    assert first == second
    assert err == ""
    assert first["source"] == str(photo)
    assert {(code["symbology"], code["text"]) for code in first["codes"]} == {
        ("QRCode", "https://zwfw.example.cn/受理"),
        ("Code128", "TM420"),
    }
    for code in first["codes"]:
        assert set(code) == {"text", "symbology", "polygon"}
        assert np.array(code["polygon"]).shape == (4, 2)


def test_a_bad_file_is_told_and_the_others_are_still_done(
    photo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, empty, cut = tmp_path / "note.png", tmp_path / "empty.jpg", tmp_path / "cut.png"
    text.write_text("not pixels")
    empty.touch()
    cut.write_bytes(cv2.imencode(".png", np.zeros((50, 50), np.uint8))[1].tobytes()[:20])
    bad = [tmp_path / "missing.jpg", tmp_path, text, empty, cut]
    assert main(["codes", *map(str, bad), str(photo), "--json"]) == 2
    out, err = capsys.readouterr()
    (line,) = out.splitlines()
    assert len(json.loads(line)["codes"]) == 2
    told = err.splitlines()
    assert len(told) == len(bad)
    for path, sentence in zip(bad, told, strict=True):
        assert sentence.startswith(f"{path}：读不了")


def test_a_few_bytes_that_promise_gigabytes_are_not_unpacked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = bytearray(cv2.imencode(".png", np.zeros((50, 50), np.uint8))[1].tobytes())
    packed[16:24] = (20_000).to_bytes(4, "big") * 2
    packed[29:33] = zlib.crc32(packed[12:29]).to_bytes(4, "big")
    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(packed)
    assert main(["codes", str(bomb), "/dev/zero", "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.count("too large") for line in err.splitlines()] == [1, 1]


def test_no_code_is_an_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "blank.png"
    cv2.imwrite(str(path), np.full((80, 80), 255, np.uint8))
    assert main(["codes", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"source": str(path), "codes": []}
    assert main(["codes", str(path)]) == 0
    assert "没有找到码" in capsys.readouterr().out


def test_people_get_lines_and_json_keeps_every_character(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "a\x1b[2J\r\nb\u202ec"
    path = tmp_path / "evil.png"
    cv2.imwrite(str(path), printed(text))
    assert main(["codes", str(path)]) == 0
    out = capsys.readouterr().out
    assert r"a\x1b[2J\r\nb\u202ec" in out
    assert not set(out) & {"\x1b", "\r", "\u202e"}
    assert main(["codes", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["codes"][0]["text"] == text


def test_a_backslash_cannot_pose_as_an_escape() -> None:
    assert shown(r"\x1b") == r"\\x1b"
    assert shown("材料 A-1 🙂") == "材料 A-1 🙂"


def test_a_code_without_a_background_lies_on_white(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    symbol = printed("transparent")
    ink = np.zeros((*symbol.shape, 4), np.uint8)
    ink[:, :, 3] = 255 - symbol
    path = tmp_path / "clear.png"
    cv2.imwrite(str(path), ink)
    assert main(["codes", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["codes"][0]["text"] == "transparent"


def test_as_a_process(photo: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "run_kiosk.py", "codes", str(photo), str(tmp_path / "none.png"), "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 2
    assert len(json.loads(done.stdout)["codes"]) == 2
    assert len(done.stderr.splitlines()) == 1
