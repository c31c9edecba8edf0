"""From the record of a visit to what is sealed: what is to be bound, content, digest, signature, manifest.

The binding itself takes a tenth of a second a page and is done behind the stage; everything here is quick.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import cv2
import numpy as np

from kiosk.capture.bind import Binding, Document, Layout
from kiosk.capture.budget import DEFAULT_BUDGET, OVER_BUDGET, Budget
from kiosk.catalogue.model import MaterialBudget
from kiosk.domain.case import CaseContent, HandedMaterial, Signature, manifest, signed_digest
from kiosk.journey.confirming import Confirmation
from kiosk.journey.record import Record, Strokes
from kiosk.journey.replacing import plan_told, replaced_told
from kiosk.journey.result import form_told, result_of
from kiosk.stage import SealingCase

_SIGNATURE_PX = 1200  # width of the signature's picture; about 300 dpi on a 100 mm line
_PEN_PX = 6
_MARGIN_PX = 24
#: of PNG: this is done on the main thread. Lines on white compress well even so
_QUICKLY = (cv2.IMWRITE_PNG_COMPRESSION, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A case that is ready to be signed, and then to be sealed."""

    case_id: str
    terminal_id: str
    content: CaseContent
    digest: str  #: hex SHA-256 of the canonical content: what the signature is bound to
    pdfs: tuple[tuple[str, bytes], ...] = field(repr=False)  #: part name, PDF
    consented_at: datetime
    sample: bool
    signature: Signature | None = None
    picture: bytes = field(default=b"", repr=False)
    draft_id: str = ""
    earlier_consent_at: datetime | None = None

    def signed(self, strokes: Strokes, now: datetime, instead: Confirmation | None = None) -> "Composed":
        """The same case with her signature on it, or with what she confirmed `instead` of writing."""
        signature, picture = signature_on(self.digest, len(self.pdfs), strokes, now, instead)
        return replace(self, signature=signature, picture=picture)

    def sealing(self) -> SealingCase:
        """What goes to disk. The local number is entered by whoever gives it out. Raises LookupError unsigned."""
        if self.signature is None:
            raise LookupError("the case was not signed")
        told: dict[str, Any] = manifest(
            self.content,
            case_id=self.case_id,
            terminal_id=self.terminal_id,
            signature=self.signature,
            consented_at=self.consented_at,
            handed_in_at=self.signature.at,
            local_number="",
            sample=self.sample,
            draft_id=self.draft_id,
            earlier_consent_at=self.earlier_consent_at,
        )
        parts = (*self.pdfs, (self.signature.part, self.picture))
        return SealingCase(self.case_id, self.content.matter_code, told, parts)


def bindings(record: Record, line: str) -> tuple[Binding, ...]:
    """What is to be bound: each material's pages, marked with `line` where the material may be marked."""
    return tuple(
        Binding(
            slot=material.slot,
            pages=tuple(record.kept(material.slot)),
            layout=Layout.BOTH_SIDES if material.both_sides else Layout.EACH,
            budget=_budget(material.budget),
            watermark=line if material.watermark else "",
        )
        for material in record.plan().materials
        if record.kept(material.slot)  # an optional material that she did not bring has none
    )


def _budget(asked: MaterialBudget) -> Budget:
    """What the catalogue asks for; the rest is the default's."""
    most = DEFAULT_BUDGET.most_bytes if asked.most_kb is None else asked.most_kb * 1000
    least = DEFAULT_BUDGET.least_dpi if asked.least_dpi is None else asked.least_dpi
    return Budget(most_bytes=most, least_dpi=least)


def compose(
    record: Record, documents: Sequence[Document], terminal_id: str, now: datetime, *, prints: bool = False
) -> Composed:
    """Put the content together from the record and the documents that were bound of its pages.

    `prints`: an A4 printer is here, so that a result may have been asked for on paper.
    """
    matter, arranged = record.chosen, record.arranged
    content = _content(record, handed(record, documents), result_of(record, prints=prints).told())
    return Composed(
        case_id=record.case_id,
        terminal_id=terminal_id,
        content=content,
        digest=signed_digest(content),
        pdfs=tuple((told.part, d.pdf) for told, d in zip(content.materials, documents, strict=True)),
        consented_at=record.consented_at or now,
        sample=matter.sample,
        draft_id=arranged.draft_id,
        earlier_consent_at=arranged.consented_at,
    )


def handed(record: Record, documents: Sequence[Document]) -> tuple[HandedMaterial, ...]:
    """The materials as they are handed in, each naming its part: p01, p02 …"""
    names = {material.slot: material.name for material in record.plan().materials}
    return tuple(
        HandedMaterial(
            slot=document.slot,
            name=names[document.slot],
            part=part_name(number),
            pages=document.sheets,
            sha256=document.sha256,
            pages_made=tuple(page.told() for page in document.pages_made),
            over_budget=document.code == OVER_BUDGET,
        )
        for number, document in enumerate(documents, start=1)
    )


def _content(record: Record, materials: tuple[HandedMaterial, ...], delivery: dict[str, str]) -> CaseContent:
    matter, plan = record.chosen, record.plan()
    applicant, agent = record.people()
    return CaseContent(
        matter_code=matter.code,
        matter_name=matter.name,
        matter_version=matter.version,
        situation={question.name: record.answers[question.name] for question in record.asked()},
        items=tuple(item.code for item in plan.items),
        applicant=applicant,
        form=form_told(record, delivery),
        materials=materials,
        plan=plan_told(plan.items),
        replaced=replaced_told(plan, record.arranged),
        delivery=delivery,
        agent=agent,
    )


def signature_on(
    digest: str, pdfs: int, strokes: Strokes, now: datetime, instead: Confirmation | None
) -> tuple[Signature, bytes]:
    """Her signature bound to `digest`, and its picture: the part that follows the `pdfs`."""
    picture = instead.picture(digest, now) if instead else draw_signature(strokes)
    sha256, more = hashlib.sha256(picture).hexdigest(), instead.told() if instead else {}
    return Signature(part=part_name(pdfs + 1), sha256=sha256, signs=digest, at=now, more=more), picture


def draw_signature(strokes: Strokes) -> bytes:
    """The strokes as a grey PNG, black on white, `_SIGNATURE_PX` wide; x runs over 0..1, y has the same scale."""
    ys = [y for stroke in strokes for _, y in stroke]
    height = int((max(ys, default=0.0) - min(ys, default=0.0)) * _SIGNATURE_PX) + 2 * _MARGIN_PX
    picture = np.full((height, _SIGNATURE_PX), 255, np.uint8)
    top = min(ys, default=0.0)
    for stroke in strokes:
        points = np.array(
            [[x * _SIGNATURE_PX, (y - top) * _SIGNATURE_PX + _MARGIN_PX] for x, y in stroke], np.int32
        )
        if len(points) == 1:  # a dot (丶) that was only tapped
            cv2.circle(picture, (int(points[0][0]), int(points[0][1])), _PEN_PX, 0, -1, cv2.LINE_AA)
        cv2.polylines(picture, [points.reshape(-1, 1, 2)], False, 0, _PEN_PX, cv2.LINE_AA)
    return bytes(cv2.imencode(".png", picture, _QUICKLY)[1])


def part_name(number: int) -> str:
    """An opaque name: p00 is the manifest, the others are counted."""
    return f"p{number:02d}"
