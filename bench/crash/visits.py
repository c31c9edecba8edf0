"""Visits of invented citizens. Each is made from its number alone, so what arrives is compared without being kept."""

import hashlib
import random
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO

import img2pdf
from PIL import Image

from kiosk.domain.case import Applicant, CaseContent, HandedMaterial, Signature, manifest, signed_digest
from kiosk.stage import SealingCase

_AT = datetime(2026, 11, 21, 1, 41, tzinfo=UTC)
_SIZES = (300, 20_000, 150_000)  # bytes of a page: within one block, within one request, some pieces
_COMMENT = 65_533  # what a JPEG's comment may hold at most (ITU-T T.81, B.2.4.5)


@dataclass(frozen=True, slots=True)
class Visit:
    """What one citizen brings."""

    number: int
    case: SealingCase
    pages: tuple[bytes, ...]  #: JPEG; those of the first material, then those of the second …
    level: int | None  #: how she rates it; None: she does not

    @property
    def page_hashes(self) -> tuple[str, ...]:
        """SHA-256 of each page."""
        return tuple(_sha256(page) for page in self.pages)


def visit_of(number: int) -> Visit:
    """The visit of this number: one to three materials of one or two pages, and a signature."""
    rng = random.Random(number)
    case_id = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    bundles = [[_page(rng) for _ in range(rng.randint(1, 2))] for _ in range(rng.randint(1, 3))]
    parts = {f"p{at:02d}": _document(pages) for at, pages in enumerate(bundles, start=1)}
    content = CaseContent(
        matter_code="N02",
        matter_name="居住证办理一件事",
        matter_version="sample",
        situation={"housing": "rented"},
        items=("N02-1",),
        applicant=Applicant.by_hand("王小样", "11010519491231002X"),  # the number is GB 11643's own example
        form={"phone": "19900000001", "visit": str(number)},
        materials=tuple(
            HandedMaterial(
                slot=part, name="示例材料", part=part, pages=len(pages), sha256=_sha256(parts[part])
            )
            for part, pages in zip(parts, bundles, strict=True)
        ),
    )
    case = _signed(case_id, content, parts)
    level = rng.randint(1, 5) if rng.random() < 0.7 else None
    return Visit(number, case, tuple(page for pages in bundles for page in pages), level)


def _signed(case_id: str, content: CaseContent, parts: dict[str, bytes]) -> SealingCase:
    image, image_part = _signature(), f"p{len(parts) + 1:02d}"
    signature = Signature(part=image_part, sha256=_sha256(image), signs=signed_digest(content), at=_AT)
    told = manifest(
        content,
        case_id=case_id,
        terminal_id="crash",
        signature=signature,
        consented_at=_AT,
        handed_in_at=_AT,
        local_number="",
        sample=True,
    )
    return SealingCase(case_id, "N02", told, (*parts.items(), (image_part, image)))


def _document(pages: list[bytes]) -> bytes:
    """A PDF that is the same whenever it is made."""
    return bytes(img2pdf.convert(pages, engine=img2pdf.Engine.internal, nodate=True))


def _page(rng: random.Random) -> bytes:
    """A page that no other visit has: one small picture, and as much comment as makes it unique and large."""
    told, picture = rng.randbytes(rng.choice(_SIZES)), _picture()
    pieces = (told[at : at + _COMMENT] for at in range(0, len(told), _COMMENT))
    comments = b"".join(b"\xff\xfe" + (len(piece) + 2).to_bytes(2, "big") + piece for piece in pieces)
    return picture[:2] + comments + picture[2:]


@cache
def _picture() -> bytes:
    drawn = BytesIO()
    Image.linear_gradient("L").save(drawn, "JPEG")
    return drawn.getvalue()


@cache
def _signature() -> bytes:
    drawn = BytesIO()
    Image.new("L", (60, 30), 255).save(drawn, "PNG")
    return drawn.getvalue()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
