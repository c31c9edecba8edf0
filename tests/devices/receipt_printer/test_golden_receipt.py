"""The typical slip: bytes for the machine, a picture for people. KIOSK_RECORD_GOLDEN=1 records both; look at them."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pyzbar.pyzbar import ZBarSymbol, decode

from devices.emulators.escpos import EscposEmulator
from tests.devices.receipt_printer.sample_slip import PROGRESS_URL, SAMPLE_SLIP

GOLDEN = Path(__file__).with_name("golden")
_TOLERATED = 0.005  # part of the dots; another FreeType rounds a few edges differently


@pytest.mark.parametrize(
    ("paper", "width_dots"), [("80mm", 576), ("58mm", 384), ("58mm-raster", 384), ("58mm-clone", 384)]
)
def test_the_slip_looks_as_it_did(bench, paper: str, width_dots: int) -> None:
    ticket = _printed(bench, width_dots, profile=paper)
    picture = GOLDEN / f"receipt-{paper}.png"
    if os.environ.get("KIOSK_RECORD_GOLDEN"):
        ticket.save(picture)
    assert ticket.raw == picture.with_suffix(".bin").read_bytes()
    with Image.open(picture) as golden:
        expected, actual = np.asarray(golden.convert("L")), np.asarray(ticket.picture().convert("L"))
    assert actual.shape == expected.shape
    assert np.mean(np.abs(actual.astype(int) - expected) > 64) < _TOLERATED


@pytest.mark.parametrize("qr", ["native", "raster"])
@pytest.mark.parametrize("width_dots", [576, 384])
def test_a_telephone_reads_the_code(bench, qr: str, width_dots: int) -> None:
    found = decode(_printed(bench, width_dots, qr=qr).picture().convert("L"), symbols=[ZBarSymbol.QRCODE])
    assert [code.data.decode() for code in found] == [PROGRESS_URL]


def test_every_line_is_there(bench) -> None:
    lines = _printed(bench, 576).lines
    assert lines[:2] == ("天天顺", "天门市政务服务自助终端")
    assert "申 请 人  王*" in lines
    assert "BJ2026-1121-000042" in lines
    assert lines[-1] == "本凭条只说明材料已收到，不代表已受理。"


def test_a_number_is_made_smaller_before_it_is_cut(bench) -> None:
    assert "BJ2026-1121-000042" in _printed(bench, 384).lines


def test_a_printer_without_chinese_gets_pictures_only(bench) -> None:
    ticket = _printed(bench, 576, encoding="raster", qr="raster")
    assert ticket.lines == ()
    assert decode(ticket.picture().convert("L"), symbols=[ZBarSymbol.QRCODE])


def _printed(bench, width_dots: int, **settings):
    bench.emulator = EscposEmulator(bench.clock, width_dots=width_dots)
    printer = bench.printer(width_dots=width_dots, **settings)
    printer.open()
    printer.print(SAMPLE_SLIP)
    printer.close()
    assert bench.emulator.unknown == []
    assert len(bench.emulator.tickets) == 1
    return bench.emulator.tickets[0]
