"""Pages become a PDF/A-1b: every rule of ISO 19005-1 that a PDF of nothing but JPEGs can break."""

import hashlib
import re
from collections.abc import Iterator
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Name
from PIL import Image, ImageCms

from kiosk.capture.bind import Binding, bind, bound
from kiosk.capture.page import Page
from kiosk.capture.srgb import srgb_profile
from tests.kiosk.capture.bound_pages import jpegs, page_of, printed, stored

SMALL = (400, 560)


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    return [page_of(printed(*SMALL, 4, seed=1)), page_of(printed(*SMALL, 9, seed=2, planes=1))]


@pytest.fixture(scope="module")
def pdf(pages: list[Page]) -> bytes:
    return bind(pages)


@pytest.fixture
def document(pdf: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(BytesIO(pdf)) as opened:
        yield opened


def test_the_jpegs_go_in_unchanged_at_their_true_size(pages: list[Page], pdf: bytes) -> None:
    assert jpegs(pdf) == [page.jpeg for page in pages]
    for _, (width, height), _ in stored(pdf):
        assert (width, height) == pytest.approx((SMALL[0] / 300 * 25.4, SMALL[1] / 300 * 25.4), abs=0.01)


def test_the_same_pages_give_the_same_bytes_and_others_do_not(pages: list[Page], pdf: bytes) -> None:
    assert bind(pages) == pdf
    other = bind(pages[::-1])
    told = re.compile(rb"<xmpMM:DocumentID>(.*?)<")
    assert told.search(other).group(1) != told.search(pdf).group(1)  # type: ignore[union-attr]
    with pikepdf.open(BytesIO(pdf)) as one, pikepdf.open(BytesIO(other)) as two:
        assert bytes(one.trailer.ID[0]) != bytes(two.trailer.ID[0])


def test_6_1_2_the_header_and_its_binary_comment(pdf: bytes) -> None:
    assert pdf.startswith(b"%PDF-1.4\n%")
    comment = pdf.split(b"\n")[1]
    assert len(comment) >= 5
    assert all(byte > 127 for byte in comment[1:5])


def test_6_1_3_an_identifier_no_encryption_and_nothing_after_the_end(
    pdf: bytes, document: pikepdf.Pdf
) -> None:
    assert len(document.trailer.ID) == 2
    assert Name.Encrypt not in document.trailer
    assert not document.is_encrypted
    assert pdf.endswith(b"%%EOF\n")


def test_6_1_4_a_plain_cross_reference_table(pdf: bytes) -> None:
    assert b"\nxref\n" in pdf
    assert b"/ObjStm" not in pdf and b"/XRef" not in pdf


def test_6_1_7_streams_are_as_long_as_they_say_and_end_on_a_line_of_their_own(pdf: bytes) -> None:
    found = list(re.finditer(rb"/Length (\d+)[^>]*>>\nstream\n", pdf))
    assert len(found) == pdf.count(b"\nstream\n") >= 6
    for stream in found:
        end = stream.end() + int(stream.group(1))
        assert pdf[end : end + 10] == b"\nendstream"


def test_6_1_10_no_lzw_and_no_filter_of_others(document: pikepdf.Pdf) -> None:
    filters = set()
    for thing in document.objects:
        if isinstance(thing, pikepdf.Stream):
            assert Name.F not in thing and Name.FFilter not in thing  # 6.1.7: no external files
            found = thing.get(Name.Filter, pikepdf.Array([]))
            filters |= {str(found)} if isinstance(found, pikepdf.Name) else {str(name) for name in found}
    assert filters <= {"/DCTDecode", "/FlateDecode"}


def test_6_2_2_the_colours_are_said(document: pikepdf.Pdf) -> None:
    (intent,) = document.Root.OutputIntents
    assert intent.Type == Name.OutputIntent
    assert intent.S == Name.GTS_PDFA1
    assert str(intent.OutputConditionIdentifier)
    assert intent.DestOutputProfile.N == 3
    profile = ImageCms.ImageCmsProfile(BytesIO(bytes(intent.DestOutputProfile.read_bytes())))
    assert profile.profile.version < 3  # PDF/A-1 knows ICC 2
    assert profile.profile.device_class == "mntr"
    assert profile.profile.xcolor_space == "RGB "


def test_6_2_4_images_are_plain(document: pikepdf.Pdf) -> None:
    spaces = []
    for page in document.pages:
        for image in page.get_images().values():
            assert not {Name.Alternates, Name.OPI, Name.SMask, Name.Intent} & set(image.keys())
            assert not image.get(Name.Interpolate, False)
            assert image.BitsPerComponent == 8
            spaces.append(image.ColorSpace)
    assert spaces == [Name.DeviceRGB, Name.DeviceGray]


def test_6_3_no_fonts_and_6_4_no_transparency(document: pikepdf.Pdf) -> None:
    for page in document.pages:
        assert Name.Group not in page
        assert not {Name.Font, Name.ExtGState} & set(page.Resources.keys())


def test_6_2_10_content_streams_hold_what_is_needed_to_place_a_picture(document: pikepdf.Pdf) -> None:
    for page in document.pages:
        operators = [str(part.operator) for part in pikepdf.parse_content_stream(page)]
        assert operators == ["q", "cm", "Do", "Q"]


def test_6_5_no_annotations_and_6_6_no_actions(document: pikepdf.Pdf) -> None:
    forbidden = {Name.AA, Name.OpenAction, Name.Names, Name.AcroForm, Name.JavaScript, Name.OCProperties}
    assert not forbidden & set(document.Root.keys())
    for page in document.pages:
        assert not {Name.Annots, Name.AA} & set(page.keys())
    assert not document.attachments


def test_6_7_the_metadata_says_what_it_is_and_of_whom_nothing(document: pikepdf.Pdf) -> None:
    assert Name.Info not in document.trailer  # so it cannot contradict; pikepdf makes one when it is asked
    told = document.Root.Metadata
    assert (told.Type, told.Subtype) == (Name.Metadata, Name.XML)
    assert Name.Filter not in told
    packet = bytes(told.read_raw_bytes()).decode("utf-8")
    assert packet.startswith('<?xpacket begin="\ufeff"')
    assert not re.search(r"bytes=|encoding=", packet.splitlines()[0])
    with document.open_metadata(set_pikepdf_as_editor=False) as metadata:
        assert metadata.pdfa_status == "1B"
        assert {key.rpartition("}")[2] for key in metadata} == {"part", "conformance", "DocumentID"}


def test_qpdf_finds_nothing_to_complain_about(document: pikepdf.Pdf) -> None:
    assert document.check_pdf_syntax() == []


def test_a_document_tells_its_digest_and_its_sheets(pages: list[Page]) -> None:
    made = bound(Binding(slot="01", pages=tuple(pages)))
    assert made.sha256 == hashlib.sha256(made.pdf).hexdigest()
    assert (made.slot, made.sheets, made.code) == ("01", 2, "")
    assert [told.number for told in made.pages_made] == [1, 2]
    assert [told.sha256 for told in made.pages_made] == [page.sha256 for page in pages]


def test_no_pages_no_document() -> None:
    with pytest.raises(ValueError, match="at least one page"):
        bind([])


def test_the_profile_is_srgb() -> None:
    profile = ImageCms.ImageCmsProfile(BytesIO(srgb_profile()))
    other = ImageCms.createProfile("sRGB")
    ramp = Image.new("RGB", (256, 3))
    ramp.putdata(
        [
            tuple(level if plane == row else 0 for plane in range(3))
            for row in range(3)
            for level in range(256)
        ]
    )
    turned = ImageCms.profileToProfile(ramp, profile, other)
    assert turned is not None
    pairs = zip(ramp.tobytes(), turned.tobytes(), strict=True)
    assert max(abs(before - after) for before, after in pairs) <= 1
    assert len(srgb_profile()) == int.from_bytes(srgb_profile()[:4], "big")
