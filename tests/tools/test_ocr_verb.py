"""`ocr` as scripts use it: photographs of desks and flat pages in, JSON out."""

import io
import json
import struct
import subprocess
import sys
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pikepdf
import pytest

from bench.documents import Document, Part, documents
from bench.documents.photograph import flat, photographed
from kiosk.reading import Kind

ROOT = Path(__file__).parents[2]


def ocr(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "run_kiosk.py", "ocr", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def told(*arguments: object) -> dict[str, Any]:
    done = ocr(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def card(kind: Kind) -> Document:
    return next(documents(Part.TUNED, 1, (kind,)))


def values(said: Mapping[str, Any]) -> dict[str, str]:
    return {name: field["value"] for name, field in said["fields"].items()}


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photograph of a card on a desk."""
    path = tmp_path_factory.mktemp("ocr") / "desk.jpg"
    shown = card(Kind.ID_FRONT)
    path.write_bytes(photographed(shown.sheet, shown.dice, width=2592).jpeg)
    return path


def test_a_card_on_a_desk(front: Path) -> None:
    said = told("--kind", "id-front", front)
    assert said["kind_matches"] is True
    assert values(said) == dict(card(Kind.ID_FRONT).truth)
    assert all(0 <= field["confidence"] <= 1 for field in said["fields"].values())
    assert said["source"] == str(front)


def test_the_wrong_side_is_told_and_is_no_error(front: Path) -> None:
    said = told("--kind", "id-back", front)
    assert said["kind_matches"] is False
    assert said["warnings"] == ["wrong_side"]


def test_a_flat_page_that_a_scanner_gave(tmp_path: Path) -> None:
    shown = card(Kind.HOUSEHOLD)
    (tmp_path / "flat.jpg").write_bytes(flat(shown.sheet, shown.dice))
    assert values(told("--kind", "household", tmp_path / "flat.jpg")) == dict(shown.truth)


def test_for_people_it_is_in_words(tmp_path: Path) -> None:
    shown = card(Kind.ID_BACK)
    (tmp_path / "back.png").write_bytes(cv2.imencode(".png", shown.sheet)[1].tobytes())
    done = ocr("--kind", "id-back", tmp_path / "back.png")
    assert done.returncode == 0
    assert f"签发机关：{shown.truth['authority']}" in done.stdout


def huge_png() -> bytes:
    """A picture that says of itself that it has 60,000 x 60,000 pixels."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


def pdf_with_script() -> bytes:
    """A PDF that wants to run something when it is opened."""
    with pikepdf.new() as pdf, io.BytesIO() as written:
        pdf.add_blank_page()
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.save(written)
        return written.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ\x90\x00 an executable", b"\xff\xd8\xff\xe0 cut off", huge_png(), pdf_with_script()],
    ids=["empty", "executable", "cut", "huge", "script"],
)
def test_what_is_no_picture_is_exit_2_with_a_code(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.jpg").write_bytes(content)
    done = ocr("--kind", "id-front", tmp_path / "bad.jpg", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["code"].startswith("F1")
    assert "bad.jpg" in done.stderr


def test_a_file_that_is_not_there_is_exit_2(tmp_path: Path) -> None:
    assert ocr("--kind", "id-front", tmp_path / "none.jpg").returncode == 2


def test_an_unknown_kind_is_exit_2(tmp_path: Path) -> None:
    assert ocr("--kind", "passport", tmp_path / "none.jpg").returncode == 2


def test_an_empty_desk_has_no_document(tmp_path: Path) -> None:
    desk = np.random.default_rng(1).integers(60, 80, (900, 1200, 3)).astype(np.uint8)
    (tmp_path / "desk.png").write_bytes(cv2.imencode(".png", desk)[1].tobytes())
    said = told("--kind", "business-licence", tmp_path / "desk.png")
    assert (said["fields"], said["kind_matches"]) == ({}, False)
    assert said["warnings"] == ["not_this_kind"]
