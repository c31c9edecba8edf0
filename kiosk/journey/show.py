"""From what a visit has gathered to what there is to see. Pure: the same record gives the same view."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from devices.evaluator import Level
from kiosk.capture.origin import Way
from kiosk.catalogue.load import Catalogue
from kiosk.catalogue.model import Field, Material, Matter, When
from kiosk.catalogue.secrets import veiled
from kiosk.catalogue.terms import Paper
from kiosk.catalogue.texts import named_in
from kiosk.domain.identity import mask_name, mask_number
from kiosk.journey import views
from kiosk.journey.delays import DEFAULTS
from kiosk.journey.record import BY_HAND, PROPOSED, Record
from kiosk.journey.show_beside import ShowBeside
from kiosk.journey.show_brought import phone_view, stick_view
from kiosk.journey.show_idle import ShowIdle
from kiosk.journey.show_inside import ShowInside, names_somebody
from kiosk.journey.surroundings import CHINA as CHINA
from kiosk.journey.surroundings import Surroundings
from kiosk.receipt import qr_content
from kiosk.service import Faults, blocked
from kiosk.stage import CARD_AGAIN
from kiosk.words import Words

STEPS = ("notice", "identity", "situation", "form", "material", "sign", "rate")
_STEP_OF = {
    "notice": 0,
    "readiness": 0,
    "consent": 1,
    "card": 1,
    "by_hand": 1,
    "confirm": 1,
    "unfinished": 1,
    "situation": 2,
    "earlier": 2,
    "overview": 2,
    "promise": 2,
    "form": 3,
    "delivery": 3,
    "capture": 4,
    "phone": 4,
    "stick": 4,
    "check_page": 4,
    "review": 5,
    "sign": 5,
    "handing_in": 5,
    "not_saved": 5,
    "done": 6,
    "evaluate": 6,
    "tips": 6,
}
#: minutes that each step takes a first-time visitor; ours, from walking through it ourselves with a stop-watch's eye
_MINUTES = (1, 1, 1, 2, 4, 1, 0)
#: troubles with a card that she can mend by laying it down again, or that are the card's own; after any other the
#: reader itself does not work
_HERS = frozenset(
    {CARD_AGAIN, "condition.card_unreadable", "condition.not_an_id_card", "condition.suspect_card"}
)
_NO_BACK = {
    "idle", "home", "handing_in", "not_saved", "done", "evaluate", "goodbye", "sorry", "sending", "not_sent", "noted",
    "tips",
}  # fmt: skip
#: nothing can be done here offline, and they say so themselves
_ASKS = {"finding", "case_number", "own_card", "cases", "standing", "noted"}
_NO_LEAVE = {"idle", "handing_in", "goodbye", "sorry", "sending"}


def matter_card(matter: Matter, faults: Faults) -> views.MatterCard:
    """The matter in a list."""
    step = blocked(matter, faults) or ""
    return views.MatterCard(matter.code, matter.name, matter.short_name, matter.lead, matter.complete, step)


def material_card(material: Material, ticked: bool = False) -> views.MaterialCard:
    """The material as the citizen sees it."""
    return views.MaterialCard(
        material.slot,
        material.name,
        material.hint,
        material.source,
        material.picture,
        material.min_pages,
        ticked,
        max_pages=material.max_pages,
        card=material.size == "card",
        copy=material.paper is Paper.COPY,
        licence="licence" in material.instead,
        promise="promise" in material.instead,
    )


def reasons_for(level: Level | None, words: Words) -> dict[str, str]:
    """The reasons that may be given with `level`: code → text."""
    if level is None:
        return {}
    kind = "poor" if level <= Level.DISSATISFIED else "good"
    return dict(words.under(f"evaluation.reasons.{kind}"))


def masked(asked: Field, value: str, record: Record | None = None) -> str:
    """What of `value` may be seen over her shoulder: of whom it is for, and of all that is secret, only a part."""
    if record is not None and names_somebody(record, asked):
        return mask_name(value)
    return veiled(asked, value)


def rules_of(matter: Matter) -> dict[str, tuple[When, ...]]:
    """On what each slot depends, all items together: nothing as soon as one item always wants it."""
    found: dict[str, tuple[When, ...]] = {}
    for item in matter.items:
        for slot, rules in item.materials:
            known = found.get(slot)
            found[slot] = () if not rules or known == () else (*(known or ()), *rules)
    return found


class Show(ShowIdle, ShowInside, ShowBeside):
    """Draws views. Holds what all of them need: the catalogue, the place, the clock."""

    def __init__(
        self,
        catalogue: Catalogue,
        words: Words,
        popular: tuple[str, ...],
        surroundings: Callable[[], Surroundings],
        now: Callable[[], datetime],
        attract_s: float = DEFAULTS.attract_s,
    ) -> None:
        """`attract_s`: how long each page of the idle screen stays."""
        self._catalogue = catalogue
        self._attract_s = attract_s
        self._words = words
        self._popular = tuple(catalogue.matter(code) for code in popular)
        self._surroundings = surroundings
        self._now = now

    def chrome(self, state: str, record: Record, patience_left_s: int | None) -> views.Chrome:
        """What surrounds the view of `state`."""
        around = self._surroundings()
        matter = record.matter
        whole = (
            matter is not None and matter.complete and not record.beside.doing
        )  # a correction skips most steps
        step = _STEP_OF.get(state, -1) if whole else -1
        return views.Chrome(
            title=matter.short_name if matter else "",
            who=self._who(record) if state not in ("goodbye", "idle") else "",
            steps=STEPS if step >= 0 else (),
            step=step,
            minutes_left=sum(_MINUTES[step:]) if step >= 0 else 0,
            patience_left_s=patience_left_s,
            sample=matter.sample if matter else False,
            offline=not around.online and state not in _ASKS,
            on_battery=around.on_battery,
            can_go_back=state not in _NO_BACK,
            can_leave=state not in _NO_LEAVE,
        )

    def _who(self, record: Record) -> str:
        person = record.applicant
        return f"{mask_name(person.name)} · {mask_number(person.number)}" if person else ""

    def view(self, state: str, record: Record) -> views.View:
        """The view of `state`."""
        draw: Callable[[Record], views.View] = getattr(self, f"_{state}")
        return draw(record)

    # --- before and after ---

    def _goodbye(self, record: Record) -> views.View:
        return views.Goodbye(
            handed_in=bool(record.local_number),
            slip=record.slip == "printed",
            stick=self._surroundings().stick_in,
            draft=record.draft,
            draft_days=self._draft_days(record),
            card="card" in record.lying,
            papers="papers" in record.lying,
            sent=record.sent,
        )

    def _draft_days(self, record: Record) -> int:
        around = self._surroundings()
        if record.draft == "cut":
            return around.drafts_days
        return around.saved_days if record.draft else 0

    def _sorry(self, record: Record) -> views.View:
        return views.Sorry(record.reference)

    def help(self) -> views.View:
        """Who helps."""
        around = self._surroundings()
        hotline = around.hotline if around.hotline != around.phone else ""
        return views.Help(around.place, around.hours, around.phone, hotline)

    # --- choosing ---

    def _home(self, record: Record) -> views.View:
        local = self._now().astimezone(CHINA).replace(second=0, microsecond=0)
        around = self._surroundings()
        popular = tuple(matter_card(matter, around.faults) for matter in self._popular)
        return views.Home(
            around.place,
            local,
            popular,
            len(self._catalogue.matters),
            record.trouble,
            self._window(around),
            around.safe_mode,
        )

    def _matters(self, record: Record) -> views.View:
        found = self._found(record.query) if record.query.strip() else self._catalogue.matters
        faults = self._surroundings().faults
        cards = tuple(matter_card(matter, faults) for matter in found)
        return views.Matters(record.query, cards, len(self._catalogue.matters))

    def _found(self, query: str) -> tuple[Matter, ...]:
        """By their names in her language first, then as everybody finds them."""
        named = named_in(self._catalogue.matters, query, self._words.text) if self._words.translates else ()
        return tuple(dict.fromkeys((*named, *self._catalogue.search(query))))

    def _notice(self, record: Record) -> views.View:
        matter = record.chosen
        told = matter.notice
        return views.Notice(
            name=matter.name,
            lead=matter.lead,
            partners=matter.partners,
            items=tuple(item.name for item in matter.items),
            complete=matter.complete,
            sample=matter.sample,
            what=told.what if told else "",
            who_for=told.who_for if told else "",
            who_decides=told.who_decides if told else "",
            how_long=told.how_long if told else "",
            fee=told.fee if told else "",
            not_here=told.not_here if told else (),
            ask=told.ask if told else self._surroundings().phone,
            minutes=matter.minutes,
            blocked=blocked(matter, self._surroundings().faults) or "",
            window=self._window(self._surroundings()),
            later=matter.staff == "later",
        )

    def _readiness(self, record: Record) -> views.View:
        matter = record.chosen
        rules = rules_of(matter)
        always = tuple(
            material_card(m, m.slot in record.ticks) for m in matter.materials if not rules.get(m.slot)
        )
        depends = []
        for question in matter.questions:
            for choice in question.choices:
                needed = tuple(
                    material_card(m, m.slot in record.ticks)
                    for m in matter.materials
                    if any(
                        r.question == question.name and choice.value in r.among for r in rules.get(m.slot, ())
                    )
                )
                if needed:
                    depends.append((choice.label, needed))
        return views.Readiness(always, tuple(depends))

    # --- who ---

    def _consent(self, record: Record) -> views.View:
        return views.Consent(record.chosen.short_name, self._surroundings().drafts_days)

    def _card(self, record: Record) -> views.View:
        dead = bool(record.trouble) and record.trouble not in _HERS
        return views.PlaceCard(record.trouble, by_hand=dead and record.chosen.by_hand)

    def _by_hand(self, record: Record) -> views.View:
        now = self._now().astimezone(CHINA)
        problems = record.typed_problems(now) if record.show_problems else {}

        def entry(asked: Field) -> views.FormEntry:
            labelled = replace(asked, label=self._words(f"by_hand.{asked.name}"))
            value = record.typed.get(asked.name, "")
            return views.FormEntry(labelled, value, "citizen" if value else "", problems.get(asked.name, ""))

        return views.Form(
            known=(),
            asked=tuple(entry(asked) for asked in BY_HAND),
            show_problems=bool(problems),
            by_hand=True,
            today=now.replace(hour=0, minute=0, second=0, microsecond=0),
        )

    def _confirm(self, record: Record) -> views.View:
        person = record.known_applicant
        return views.ConfirmIdentity(
            mask_name(person.name),
            mask_number(person.number),
            person.kind,
            tuple(doubt.value for doubt in person.doubts),
            typed=person.entered == "manual",
        )

    def _unfinished(self, record: Record) -> views.View:
        kept = record.kept_visit
        if kept is None:
            raise LookupError("no earlier visit is kept")
        at = kept.at.astimezone(CHINA).replace(second=0, microsecond=0)
        return views.Unfinished(at, len(kept.pages), saved=bool(kept.draft_id))

    # --- what ---

    def _situation(self, record: Record) -> views.View:
        asked = record.asked()
        question = asked[record.asking]
        return views.Situation(question, record.asking + 1, len(asked), record.answers.get(question.name, ""))

    def _form(self, record: Record) -> views.View:
        values = record.values()
        problems = record.form_problems(self._now().astimezone(CHINA)) if record.show_problems else {}

        def entry(asked: Field) -> views.FormEntry:
            known = values.get(asked.name)
            source = known.source if known else ""
            earlier = record.arranged.values.get(asked.name) if source == "earlier" else None
            revealed = record.revealed == f"field.{asked.name}" or source in PROPOSED
            value = known.value if known else ""
            return views.FormEntry(
                asked,
                masked(asked, value) if asked.locked and not revealed else value,
                source,
                problems.get(asked.name, PROPOSED.get(source, "")),
                from_matter=earlier.matter if earlier else "",
                from_at=earlier.at.astimezone(CHINA) if earlier else None,
                revealed=revealed,
            )

        fields = record.fields()
        return views.Form(
            known=tuple(entry(f) for f in fields if f.locked),
            asked=tuple(entry(f) for f in fields if not f.locked),
            show_problems=bool(problems),
            proposed=sum(f.name in values and values[f.name].source == "earlier" for f in fields),
            today=self._now().astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0),
        )

    # --- materials ---

    def _capture(self, record: Record) -> views.View:
        material = record.material()
        slots = [m.slot for m in record.plan().materials]
        kept = record.kept(record.slot)
        return views.Capture(
            material=material_card(material),
            number=slots.index(record.slot) + 1,
            of=len(slots),
            page=len(kept) + 1,
            max_pages=material.max_pages,
            taken=self._page_cards(record, record.slot),
            sheet=record.sheet,
            taking=record.taking,
            trouble=record.trouble,
            enough=len(kept) >= material.min_pages,
            scanner=self._surroundings().scanner,
            phone=self._surroundings().phone_upload,
            stick=self._surroundings().stick_in,
        )

    def _phone(self, record: Record) -> views.View:
        return phone_view(record, material_card(record.material()), self._now())

    def _stick(self, record: Record) -> views.View:
        return stick_view(record, material_card(record.material()))

    def _page_cards(self, record: Record, slot: str) -> tuple[views.PageCard, ...]:
        return tuple(views.PageCard(page.thumbnail_jpeg, bool(page.verdicts)) for page in record.kept(slot))

    def _check_page(self, record: Record) -> views.View:
        page = record.pending
        if page is None:
            raise LookupError("no page is waiting to be checked")
        return views.CheckPage(
            material_card(record.material()),
            len(record.kept(record.slot)) + 1,
            page.view_jpeg,
            tuple(verdict.value for verdict in page.verdicts),
            record.read.warnings(page),
            page.origin is not None and page.origin.way in (Way.PHONE, Way.STICK),
            next((m.name for m in record.plan().materials if m.slot == record.other_slot(page)), ""),
        )

    # --- hand in ---

    def _review(self, record: Record) -> views.View:
        plan = record.plan()
        values = record.values()
        labels, seen = [], record.revealed == "review"
        for asked in record.fields():
            value = values[asked.name].value if asked.name in values else ""
            value = value if seen else masked(asked, value, record)
            if asked.choices:
                value = next((self._words.text(c.label) for c in asked.choices if c.value == value), value)
            labels.append((asked.label, value))
        return views.Review(
            matter=record.chosen.name,
            items=tuple(item.name for item in plan.items),
            situations=tuple(
                (q.text, next(c.label for c in q.choices if c.value == record.answers[q.name]))
                for q in record.asked()
            ),
            fields=tuple(labels),
            materials=tuple(
                views.ReviewMaterial(m.slot, m.name, self._page_cards(record, m.slot)) for m in plan.materials
            ),
            replaced=self.proofs(record),
            delivery=self.delivery_lines(record, veil=not seen),
            secrets="seen" if seen else "masked",
            acts_for=self.acts_for(record),
        )

    def _sign(self, record: Record) -> views.View:
        promises = tuple(promise.title for promise in record.plan().promises)
        pages, digest = record.page_count(), record.digest[:16]
        return views.SignView(record.chosen.name, pages, digest, promises, self.acts_for(record))

    def _handing_in(self, record: Record) -> views.View:
        return views.HandingIn("saved" if record.local_number else "sealing", record.local_number)

    def _not_saved(self, record: Record) -> views.View:
        return views.NotSaved(record.trouble)

    def _done(self, record: Record) -> views.View:
        number = record.case_number or record.local_number
        notice = record.chosen.notice
        return views.Done(
            received=bool(record.case_number),
            number=number,
            receipt=record.slip,
            receipt_trouble=record.slip_trouble,
            qr=qr_content(number),
            next_steps=notice.next_steps if notice else (),
            pages=record.page_count(),
            saved=self.spared(record),
            tips=bool(self._catalogue.suggestions.rules) and record.slip != "failed",
        )

    def _evaluate(self, record: Record) -> views.View:
        return views.Evaluate(
            record.level,
            self._reasons(record),
            self._surroundings().keypad,
            self._indicators(record),
            offer_report=record.level is not None and record.level <= Level.DISSATISFIED,
        )

    def _indicators(self, record: Record) -> tuple[views.Reason, ...]:
        """The national ones, in their version; asked of nobody who has not chosen a level."""
        asked = self._words.under("evaluation.indicators") if record.level is not None else {}
        return tuple(views.Reason(code, text, code in record.indicators) for code, text in asked.items())

    def _reasons(self, record: Record) -> tuple[views.Reason, ...]:
        reasons = reasons_for(record.level, self._words)
        return tuple(views.Reason(code, text, code in record.reasons) for code, text in reasons.items())
