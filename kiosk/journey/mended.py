"""What is sent about a case: a correction that she signed, or that she takes the case back. Quick and pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from kiosk.capture.bind import Document
from kiosk.domain.case import HandedMaterial, Signature, canonical, told_material
from kiosk.journey.confirming import Confirmation
from kiosk.journey.handin import handed, signature_on
from kiosk.journey.record import Record, Strokes
from kiosk.stage import Message

SCHEMA = 1  # of the sealed content, as in docs/backend-api.md


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A correction that is ready to be signed, and then to be sent."""

    message_id: str
    case_id: str
    correction_id: str
    number: str = field(repr=False)  #: her id number: only the person whose case it is may correct it
    form: Mapping[str, str] = field(repr=False)
    materials: tuple[HandedMaterial, ...]
    pdfs: tuple[tuple[str, bytes], ...] = field(repr=False)
    signature: Signature | None = None
    picture: bytes = field(default=b"", repr=False)

    @property
    def digest(self) -> str:
        """What her signature is bound to: the SHA-256 (hex) of what she puts right, in which case."""
        where = {"case_id": self.case_id, "correction_id": self.correction_id}
        return hashlib.sha256(canonical(where | self._answer())).hexdigest()

    def signed(self, strokes: Strokes, now: datetime, instead: Confirmation | None = None) -> "Mended":
        """The same with her signature on it, or with what she confirmed `instead` of writing."""
        signature, picture = signature_on(self.digest, len(self.pdfs), strokes, now, instead)
        return replace(self, signature=signature, picture=picture)

    def message(self) -> Message:
        """What goes to disk. Raises LookupError unsigned."""
        if self.signature is None:
            raise LookupError("the correction was not signed")
        signature = self.signature.told()
        return Message(
            message_id=self.message_id,
            kind="correction",
            body={"correction_id": self.correction_id},
            content={"schema": SCHEMA, "number": self.number, **self._answer(), "signature": signature},
            case_id=self.case_id,
            parts=(*self.pdfs, (self.signature.part, self.picture)),
        )

    def _answer(self) -> dict[str, Any]:
        return {
            "form": dict(self.form),
            "materials": [told_material(material) for material in self.materials],
        }


def mended(record: Record, documents: Sequence[Document]) -> Mended:
    """Put the correction together from the record and the documents that were bound of its pages."""
    beside, materials = record.beside, handed(record, documents)
    if beside.correction is None:
        raise LookupError("nothing is being corrected")
    return Mended(
        message_id=beside.message_id,
        case_id=beside.chosen.case_id,
        correction_id=beside.correction.correction_id,
        number=record.known_applicant.number,
        form={name: known.value for name, known in record.confirmed().items()},
        materials=materials,
        pdfs=tuple((told.part, document.pdf) for told, document in zip(materials, documents, strict=True)),
    )


def withdrawal(record: Record) -> Message:
    """She takes the case back. A reason is not asked of her."""
    return Message(
        message_id=record.beside.message_id,
        kind="withdrawal",
        body={},
        content={"schema": SCHEMA, "number": record.known_applicant.number, "reason": ""},
        case_id=record.beside.chosen.case_id,
    )
