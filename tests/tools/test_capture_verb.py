"""`run_kiosk.py capture`: pages, corners by the line, bad files told and the others done, a scale kept."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pikepdf
import pytest

from devices.emulators.desk import Scene, corners, render
from kiosk.capture.calibration import kept
from tests.kiosk.capture.desks import jaccard
from tools.cli import main

SIZE = (1600, 1200)
SCENE = Scene("deed", "dark", angle_deg=4)
STAGES = ["decode", "find", "flatten", "clean", "judge", "encode", "total"]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    for name, scene in (
        ("sheet", SCENE),
        ("turned", Scene("lease-1", "dark", angle_deg=176)),
        ("empty", Scene("", "dark")),
    ):
        cv2.imwrite(str(folder / f"{name}.jpg"), render(scene, *SIZE), [cv2.IMWRITE_JPEG_QUALITY, 92])
    (folder / "cut.jpg").write_bytes((folder / "sheet.jpg").read_bytes()[:9000])
    (folder / "program.jpg").write_bytes(b"\x7fELF" + bytes(500))
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(420, 595))
    pdf.save(folder / "plain.pdf")
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    pdf.save(folder / "script.pdf")
    return folder


def ran(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[Any], str]:
    code = main(["capture", *map(str, arguments)])
    out, err = capsys.readouterr()
    return (
        code,
        [json.loads(line) for line in out.splitlines()] if "--json" in arguments else out.splitlines(),
        err,
    )


def test_pages_as_json_and_as_pdf(pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "pages.pdf"
    code, (told,), err = ran(
        capsys,
        pictures / "sheet.jpg",
        pictures / "empty.jpg",
        pictures / "turned.jpg",
        "--json",
        "--out",
        out,
    )
    assert (code, err) == (0, "")
    sheet, empty, turned = told["pages"]
    assert sheet["source"] == str(pictures / "sheet.jpg")
    assert jaccard(np.array(sheet["corners"]), corners(SCENE, *SIZE)) > 0.99
    assert (sheet["size_mm"], sheet["dpi"], sheet["rotation"], sheet["text_orientation"]) == (
        [210.0, 297.0],
        300,
        0,
        0,
    )
    assert list(sheet["ms"]) == STAGES
    assert sheet["ms"]["total"] == pytest.approx(sum(sheet["ms"][stage] for stage in STAGES[:-1]), abs=0.1)
    assert sheet["accepted"] is (sheet["verdicts"] == [])
    assert (empty["corners"], empty["sheets_found"], empty["verdicts"]) == (None, 0, ["no_sheet"])
    assert (turned["rotation"], turned["text_orientation"]) == (180, 180)
    assert told["pdf_bytes"] == out.stat().st_size
    with pikepdf.open(out) as pdf:
        assert len(pdf.pages) == 2  # an empty desk is no page


def test_corners_are_streamed(pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["sheet.jpg", "cut.jpg", "empty.jpg", "plain.pdf"]
    code, told, _ = ran(capsys, *(pictures / name for name in names), "--corners-only", "--json")
    assert code == 2
    assert [Path(line["source"]).name for line in told] == names
    assert set(told[0]) == {"source", "corners", "sheets_found"}
    assert jaccard(np.array(told[0]["corners"]), corners(SCENE, *SIZE)) > 0.99
    assert told[1]["error"]["code"] == "F103"
    assert told[2] == {"source": str(pictures / "empty.jpg"), "corners": None, "sheets_found": 0}
    assert told[3]["page"] == 1


def test_bad_files_are_told_and_the_others_go_on(pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = {"cut.jpg": "F103", "program.jpg": "F102", "script.pdf": "F112", "none.jpg": "F121", ".": "F121"}
    code, (told,), err = ran(
        capsys, *(pictures / name for name in bad), "/dev/zero", pictures / "plain.pdf", "--json"
    )
    assert code == 2
    assert [page["error"]["code"] for page in told["pages"][:-1]] == [*bad.values(), "F121"]
    assert all(page["error"]["hint"] for page in told["pages"][:-1])
    assert len(err.splitlines()) == len(bad) + 1
    assert told["pages"][-1]["size_mm"] == pytest.approx([148, 210], abs=0.6)


def test_calibration_sets_the_size_and_modes_the_colours(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, scale = tmp_path / "grey.pdf", 1600 / 467
    code, (told,), _ = ran(
        capsys,
        pictures / "sheet.jpg",
        "--calibration",
        scale * 297 / 210,
        "--mode",
        "grey",
        "--json",
        "--out",
        out,
    )
    assert code == 0
    assert told["pages"][0]["size_mm"] == pytest.approx(
        [148, 210], abs=0.6
    )  # as if an A5 sheet had lain there
    assert told["pages"][0]["calibrated"] is True


def test_the_scale_of_a_camera_is_kept(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "terminal.toml"
    config.write_text(
        f'[site]\nname = "示例"\n[terminal]\nid = "T-1"\nname = "示例"\n[platform]\nurl = "http://127.0.0.1:9"\n'
        f'[storage]\ndata_folder = "{tmp_path / "data"}"\n',
        encoding="utf-8",
    )
    asked = ("--calibrate", "--device", "camera-7", "--config", config, "--json")
    code, (told,), _ = ran(capsys, pictures / "sheet.jpg", *asked)
    assert code == 0
    assert told["px_per_mm"] == pytest.approx(1600 / 467, rel=0.02)
    found = kept(tmp_path / "data", "camera-7", SIZE)
    assert found is not None
    assert found.px_per_mm == told["px_per_mm"]
    assert ran(capsys, pictures / "empty.jpg", *asked)[0] == 1


def test_people_get_lines(pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines, err = ran(capsys, pictures / "plain.pdf", pictures / "cut.jpg")
    assert code == 2
    assert "148" in lines[0]
    assert "F103" in err


@pytest.mark.parametrize("scale", ["0", "-3", "1e9", "nan", "wide"])
def test_a_scale_that_no_camera_has_is_bad_input(scale: str, pictures: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["capture", str(pictures / "sheet.jpg"), "--calibration", scale])
    assert ended.value.code == 2
