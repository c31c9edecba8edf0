"""Pages of PDFs that somebody brought: rendered in their size, or refused with a reason."""

import io
import zlib
from collections.abc import Callable

import img2pdf
import numpy as np
import pikepdf
import pytest
from pikepdf import Dictionary, Name
from PIL import Image

from kiosk.capture.flatten import SheetSize
from kiosk.capture.scan import page_of_scan
from kiosk.capture.still import pages_of_pdf, stills
from kiosk.capture.unreadable import Reason, Unreadable

_A5_PT = (419.5, 595.3)


def document(
    change: Callable[[pikepdf.Pdf], None] = lambda pdf: None,
    encryption: pikepdf.Encryption | None = None,
    *,
    packed: bool = False,
) -> bytes:
    """One A5 page whose upper half is red."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=_A5_PT)
    pdf.pages[0].Contents = pdf.make_stream(
        f"1 0 0 rg 0 {_A5_PT[1] / 2} {_A5_PT[0]} {_A5_PT[1]} re f".encode()
    )
    change(pdf)
    held = io.BytesIO()
    streams = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    pdf.save(held, encryption=encryption or False, object_stream_mode=streams)
    return held.getvalue()


def reason(data: bytes, most_pages: int = 60) -> Reason | None:
    try:
        list(pages_of_pdf(data, most_pages=most_pages))
    except Unreadable as error:
        return error.reason
    return None


def test_a_page_is_rendered_at_300_dpi() -> None:
    (still,) = stills(document(), source="a.pdf")
    assert still.resolution_dpi == 300
    assert still.pixels.shape == pytest.approx((2481, 1748, 3), abs=2)
    assert tuple(still.pixels[100, 100]) == (0, 0, 255)
    assert tuple(still.pixels[-100, 100]) == (255, 255, 255)
    assert still.encoded is None


def test_it_becomes_a_page_of_its_own_size() -> None:
    (still,) = stills(document())
    page = page_of_scan(still, 300, SheetSize.FREE)
    assert page.size is SheetSize.A5
    assert page.size_mm == pytest.approx((148, 210), abs=0.5)


def test_a_large_page_gets_fewer_dots_and_a_huge_one_is_refused() -> None:
    def a1(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].MediaBox = [0, 0, 1684, 2384]

    def square_metres(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].MediaBox = [0, 0, 14400, 14400]

    (still,) = stills(document(a1))
    assert still.pixels.shape[0] * still.pixels.shape[1] <= 16_100_000
    assert still.resolution_dpi is not None
    assert still.resolution_dpi < 150
    assert reason(document(square_metres)) is Reason.TOO_LARGE


def _script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def _named_script(pdf: pikepdf.Pdf) -> None:
    action = pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=pdf.make_stream(b"app.alert(1)")))
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=["a", action]))


def _page_script(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].AA = Dictionary(O=Dictionary(S=Name.GoTo, Next=[Dictionary(S=Name.JavaScript, JS="x()")]))


def _program(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Annots = [
        Dictionary(Type=Name.Annot, Subtype=Name.Link, A=Dictionary(S=Name.Launch, F="cmd.exe"))
    ]


def _xfa(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=[], XFA=pdf.make_stream(b"<xdp/>"))


@pytest.mark.parametrize("change", [_script, _named_script, _page_script, _program, _xfa])
@pytest.mark.parametrize("packed", [False, True])
def test_what_could_start_something_is_refused(change: Callable[[pikepdf.Pdf], None], packed: bool) -> None:
    assert reason(document(change, packed=packed)) is Reason.ACTIVE


@pytest.mark.parametrize("password", ["", "secret"])
def test_encrypted_ones_are_refused(password: str) -> None:
    assert reason(document(encryption=pikepdf.Encryption(owner="owner", user=password))) is Reason.ENCRYPTED


def test_too_many_pages() -> None:
    def three(pdf: pikepdf.Pdf) -> None:
        pdf.pages.extend([pdf.pages[0], pdf.pages[0]])

    assert reason(document(three), most_pages=2) is Reason.TOO_MANY_PAGES
    assert reason(document(three), most_pages=3) is None


def test_a_stream_that_unpacks_to_gigabytes_dies_in_its_own_process() -> None:
    def bomb(pdf: pikepdf.Pdf) -> None:
        packer = zlib.compressobj(9)
        packed = b"".join([*(packer.compress(b"q " * (1 << 20)) for _ in range(600)), packer.flush()])
        pdf.pages[0].Contents = pdf.make_stream(b"")
        pdf.pages[0].Contents.write(packed, filter=Name.FlateDecode)

    assert reason(document(bomb)) in (Reason.TOO_COSTLY, Reason.BROKEN)


@pytest.mark.parametrize(
    "spoil", [lambda data: data[: len(data) // 2], lambda data: b"%PDF-1.7 nothing", lambda data: data[:9]]
)
def test_what_is_no_pdf(spoil: Callable[[bytes], bytes]) -> None:
    assert reason(spoil(document())) is Reason.BROKEN


def test_leaving_off_half_way_ends_the_child() -> None:
    picture = io.BytesIO()
    Image.fromarray(np.zeros((800, 600, 3), np.uint8)).save(picture, "JPEG")
    pages = pages_of_pdf(img2pdf.convert([picture.getvalue()] * 3))
    assert next(pages).pixels.shape[2] == 3
    pages.close()
    assert list(pages) == []
