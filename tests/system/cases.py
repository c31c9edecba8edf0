"""Cases of invented citizens, as the face would hand them in: signed, with real PDFs of photographed noise."""

import hashlib
import random
import uuid
from datetime import UTC, datetime
from io import BytesIO

import img2pdf
from PIL import Image

from devices.evaluator import Level
from kiosk.domain.case import (
    Applicant,
    CaseContent,
    Evaluation,
    HandedMaterial,
    Signature,
    manifest,
    signed_digest,
)
from kiosk.stage import SealingCase

_AT = datetime(2026, 11, 21, 1, 41, tzinfo=UTC)
_SIDE = 500  # pixels of a page; noise does not compress, so a page is some 300 kB, as a real one


def invented_case(rng: random.Random, *, pages: tuple[int, ...] = (2, 1)) -> SealingCase:
    """A case with one material for each number of pages. The same `rng` makes the same case."""
    case_id = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    parts = {f"p{at:02d}": _document(rng, count) for at, count in enumerate(pages, start=1)}
    content = CaseContent(
        matter_code="N02",
        matter_name="居住证办理一件事",
        matter_version="sample",
        situation={"housing": "rented"},
        items=("N02-1",),
        applicant=Applicant.by_hand("王小样", "11010519491231002X"),  # the number is GB 11643's own example
        form={"phone": "19900000001"},
        materials=tuple(
            HandedMaterial(slot=part, name="示例材料", part=part, pages=count, sha256=_sha256(parts[part]))
            for part, count in zip(parts, pages, strict=True)
        ),
    )
    image, image_part = _signature(), f"p{len(pages) + 1:02d}"
    signature = Signature(part=image_part, sha256=_sha256(image), signs=signed_digest(content), at=_AT)
    told = manifest(
        content,
        case_id=case_id,
        terminal_id="premises",
        signature=signature,
        consented_at=_AT,
        handed_in_at=_AT,
        local_number="",
        sample=True,
    )
    return SealingCase(case_id, "N02", told, (*parts.items(), (image_part, image)))


def invented_evaluation(at: datetime) -> Evaluation:
    """Very satisfied."""
    return Evaluation(level=Level(5), at=at)


def _document(rng: random.Random, pages: int) -> bytes:
    images = []
    for _ in range(pages):
        photographed = BytesIO()
        noise = Image.frombytes("RGB", (_SIDE, _SIDE), rng.randbytes(_SIDE * _SIDE * 3))
        noise.save(photographed, "JPEG", quality=85)
        images.append(photographed.getvalue())
    return bytes(img2pdf.convert(images))


def _signature() -> bytes:
    picture = BytesIO()
    Image.new("L", (60, 30), 255).save(picture, "PNG")
    return picture.getvalue()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
