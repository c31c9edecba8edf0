"""What was read from the pages of a visit: proposals for the form, warnings for the citizen, and pages that belong to
another material. Held in memory only; nothing that was read is hers before she has looked at it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kiosk.capture.page import Page
from kiosk.catalogue.model import Material
from kiosk.domain.scanned import FormSlot, classified
from kiosk.reading.values import Reading

_LEAST = 0.3  # confidence; below, mending a value takes her longer than writing it. Chosen


@dataclass(slots=True)
class PapersRead:
    """The readings of a visit, by the SHA-256 of their pages."""

    readings: dict[str, Reading] = field(default_factory=dict, repr=False)
    belongs: dict[str, str] = field(
        default_factory=dict
    )  #: page → the slot that the code printed on it names
    asked: set[str] = field(default_factory=set)  #: pages that were handed to the reader as they are

    def warnings(self, page: Page) -> tuple[str, ...]:
        """What she is told of a page before she keeps it; words `ocr.warning.<name>`."""
        reading = self.readings.get(page.sha256)
        return () if reading is None else tuple(warning.value for warning in reading.warnings)

    def values(self, pages: Iterable[Page]) -> Mapping[tuple[str, str], str]:
        """(kind, field) → value, from pages that are what they should be. The first page that tells one counts."""
        told: dict[tuple[str, str], str] = {}
        for page in pages:
            reading = self.readings.get(page.sha256)
            if reading is None or not reading.kind_matches:
                continue
            for name, one in reading.fields.items():
                if one.confidence >= _LEAST:
                    told.setdefault((reading.kind.value, name), one.value)
        return told


def slot_of(codes: Sequence[str], matter: str, materials: Iterable[Material]) -> str:
    """The material of a matter whose printed code is among those seen on a page; "" when none is.

    A blank form of this system names matter and slot (`domain.scanned`). Forms of others are known by how their code
    begins (`Material.form_code`); the longest beginning wins.
    """
    of_matter = tuple(materials)
    named = {
        found.slot
        for code in codes
        if isinstance(found := classified(code), FormSlot) and found.matter == matter
    }
    for material in of_matter:
        if material.slot in named:
            return material.slot
    by_length = sorted((m for m in of_matter if m.form_code), key=lambda m: -len(m.form_code))
    return next((m.slot for m in by_length if any(code.startswith(m.form_code) for code in codes)), "")
