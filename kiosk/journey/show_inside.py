"""What there is to see inside a case beside form and papers. Pure, like `show`, of which it is a part."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Literal

from kiosk.catalogue.checks import Prefilled
from kiosk.catalogue.model import Choice, Field
from kiosk.catalogue.secrets import veiled
from kiosk.domain.identity import mask_name
from kiosk.journey import acting, views
from kiosk.journey.arranged import Proof
from kiosk.journey.delivery import WAY
from kiosk.journey.overview import overview, saved
from kiosk.journey.record import Record
from kiosk.journey.replacing import open_promises, stands_for
from kiosk.journey.result import result_of
from kiosk.journey.surroundings import CHINA, Surroundings
from kiosk.words import Words


class ShowInside:
    """The views of the states between the last question and the camera."""

    _words: Words
    _surroundings: Callable[[], Surroundings]
    _now: Callable[[], datetime]

    def _earlier(self, record: Record) -> views.View:
        spared = (m.licence for m in record.plan().materials if m.licence)
        return views.EarlierCases(
            matter=record.chosen.short_name,
            licences=tuple(dict.fromkeys(spared)),
            asking=record.arranged.earlier == "asking",
            slow=record.slow,
        )

    def _overview(self, record: Record) -> views.View:
        return overview(record.chosen, record.plan(), record.arranged, self._surroundings().phone)

    def _promise(self, record: Record) -> views.View:
        plan, arranged = record.plan(), record.arranged
        promise = open_promises(plan, arranged)[0]
        every = plan.promises
        return views.PromiseText(
            title=promise.title,
            text=promise.text,
            false_means=promise.false_means,
            instead_of=tuple(one.material.name for one in stands_for(plan, promise)),
            ticked=arranged.ticked,
            number=every.index(promise) + 1,
            of=len(every),
        )

    # --- the result ---

    def _delivery(self, record: Record) -> views.View:
        result = result_of(record, prints=self._surroundings().page_printer)
        today = self._now().astimezone(CHINA)
        problems = result.problems(today.date()) if record.show_problems else {}

        def entry(asked: Field) -> views.FormEntry:
            known = result.values.get(asked.name, Prefilled("", ""))
            value = mask_name(known.value) if asked.locked and known.value else known.value
            return views.FormEntry(self._worded(asked), value, known.source, problems.get(asked.name, ""))

        return views.Form(
            known=tuple(entry(f) for f in result.fields if f.locked),
            asked=tuple(entry(f) for f in result.fields if not f.locked),
            show_problems=bool(problems),
            delivery=True,
            today=today.replace(hour=0, minute=0, second=0, microsecond=0),
        )

    def _worded(self, asked: Field) -> Field:
        choices = tuple(Choice(c.value, self._words(f"delivery.way.{c.value}")) for c in asked.choices)
        return replace(asked, label=self._words(f"delivery.field.{asked.name}"), choices=choices)

    def delivery_lines(self, record: Record, *, veil: bool) -> tuple[tuple[str, str], ...]:
        """(label, value) for the review; () where nothing was to be said. `veil`: what is secret is masked."""
        result = result_of(record, prints=self._surroundings().page_printer)
        if not result.way:
            return ()
        lines = [(self._words("delivery.field.way"), self._words(f"delivery.way.{result.way}"))]
        lines += [
            (self._words(f"delivery.field.{f.name}"), _seen(f, result.values[f.name].value, veil))
            for f in result.fields
            if f.name != WAY and not f.locked and f.name in result.values
        ]
        return tuple(lines)

    # --- what the other views say of it ---

    def proofs(self, record: Record) -> tuple[tuple[str, Proof], ...]:
        """(material, what stands for it)."""
        return tuple((one.material.name, one.by) for one in record.plan().replaced)

    def acts_for(self, record: Record) -> str:
        """Masked, whom she stands here for; "" for herself."""
        applicant, agent = record.people()
        return mask_name(applicant.name) if agent else ""

    def spared(self, record: Record) -> tuple[views.Saved, ...]:
        """The reductions of this case."""
        return saved(record.chosen, record.plan())

    def leave_question(self, record: Record, can_save: bool) -> views.View:
        """Leave and wipe, or stay, or go on another time?"""
        handed_in, doing = bool(record.local_number), record.beside.doing
        about: Literal["case", "correction", "withdrawal", "looking"] = doing or "case"
        if not handed_in and (record.matter is None or doing == "withdrawal"):
            about = "looking"
        days = self._surroundings().saved_days if can_save else 0
        return views.LeaveQuestion(handed_in, can_save, days, about)


def _seen(field: Field, value: str, veil: bool) -> str:
    return veiled(field, value) if veil else value


def names_somebody(record: Record, asked: Field) -> bool:
    """Whether `asked` holds the name of her who stands here, or of whom the case is for."""
    own = {f.name for f in record.chosen.fields if f.prefill == "card.name"}
    return asked.name in own | {acting.whose_fields(record.chosen)[0]}
