"""What the chart asks of a visit before it chooses a way. Each guard only looks at the record."""

from collections.abc import Callable
from typing import Any

from ground.clock import Clock
from kiosk.journey.record import Record
from kiosk.journey.show import CHINA
from kiosk.journey.surroundings import Surroundings
from kiosk.service import blocked


class Guards:
    """The questions, by the names that `chart` uses."""

    def __init__(self, clock: Clock, surroundings: Callable[[], Surroundings]) -> None:
        self._clock = clock
        self._surroundings = surroundings
        self.record = Record()

    def in_service(self) -> bool:
        return not self._surroundings().out_of_service

    def from_list(self) -> bool:
        return self.record.listed

    def can_be_done(self) -> bool:
        chosen = self.record.chosen
        return chosen.complete and blocked(chosen, self._surroundings().faults) is None

    def by_hand_allowed(self) -> bool:
        return self.record.chosen.by_hand

    def typed(self) -> bool:
        return self.record.known_applicant.entered == "manual"

    def typed_well(self) -> bool:
        return not self._typed_problems()

    def _typed_problems(self) -> dict[str, str]:
        return self.record.typed_problems(self._clock.now().astimezone(CHINA))

    def visit_kept(self) -> bool:
        """Whether an earlier visit of hers lies here that a power cut ended."""
        return self.record.kept_visit is not None

    def nothing_told(self) -> bool:
        """Whether she has told nothing yet in this visit."""
        return not (self.record.answers or self.record.filled)

    def unanswered(self) -> bool:
        """Whether a question has no answer yet."""
        return self.record.first_unanswered() is not None

    def more_questions(self, source: Any) -> bool:
        """Whether a question comes after the present one."""
        asked = self.record.asked()
        return bool(asked) if source.id in ("confirm", "unfinished") else self.record.asking + 1 < len(asked)

    def answered(self) -> bool:
        """Whether the question on the screen has its answer."""
        return self.record.asked()[self.record.asking].name in self.record.answers

    def earlier_question(self, source: Any) -> bool:
        return self.record.asking > 0 if source.id == "situation" else bool(self.record.asked())

    def form_open(self, source: Any) -> bool:
        """Whether the form must be seen: not seen yet, or something on it is missing or wrong."""
        unseen = source.id not in ("form", "review") and not self.record.form_seen
        return unseen or bool(self._problems())

    def _problems(self) -> dict[str, str]:
        return self.record.form_problems(self._clock.now().astimezone(CHINA))

    def pages_wanted(self, source: Any) -> bool:
        """Whether the camera is needed next: more pages may come, or another material lacks some."""
        record = self.record
        if source.id == "check_page" and len(record.kept(record.slot)) < record.material().max_pages:
            return True
        return bool(record.lacking())

    def more_arrived(self) -> bool:
        """Whether a page from phone or stick waits to be looked at, and there is room for it."""
        return bool(self.record.brought.waiting) and self._room() > 0

    def by_phone(self) -> bool:
        return self.record.brought.way == "phone" and self._room() > 0

    def by_stick(self) -> bool:
        return self.record.brought.way == "stick" and self._room() > 0

    def phone_offered(self) -> bool:
        return self._surroundings().phone_upload and self._room() > 0 and not self.record.taking

    def stick_offered(self) -> bool:
        return self._surroundings().stick_in and self._room() > 0 and not self.record.taking

    def slot_enough(self) -> bool:
        """Whether the open material has the pages that it needs."""
        return len(self.record.kept(self.record.slot)) >= self.record.material().min_pages

    def _room(self) -> int:
        """How many more pages the open material takes."""
        return self.record.material().max_pages - len(self.record.kept(self.record.slot))

    def earlier_slot(self) -> bool:
        return self._slots().index(self.record.slot) > 0

    def any_slots(self) -> bool:
        """Whether any paper is to be handed in."""
        return bool(self._slots())

    def to_overview(self, part: str) -> bool:
        return part == "overview"

    def to_delivery(self, part: str) -> bool:
        return part == "delivery"

    def to_situation(self, part: str) -> bool:
        return part == "situation"

    def to_form(self, part: str) -> bool:
        return part == "form"

    def _slots(self) -> list[str]:
        return [material.slot for material in self.record.plan().materials]
