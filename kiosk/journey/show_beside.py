"""What there is to see beside a case: her cases, one of them, putting it right, the notice to go. Pure, like `show`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Literal

from kiosk.catalogue.load import Catalogue
from kiosk.catalogue.model import Field, Matter
from kiosk.catalogue.recommend import About, recommend
from kiosk.domain.standing import Correction, Standing
from kiosk.journey import views
from kiosk.journey.beside import BY_NUMBER, OFFLINE, SLOW, UNKNOWN, mendable
from kiosk.journey.record import Record
from kiosk.journey.surroundings import CHINA, Surroundings
from kiosk.notice_paper import notice_code
from kiosk.words import Words

#: chosen: she has just done what she came for, and wants to go home
MOST_TIPS = 2


class ShowBeside:
    """The part of `Show` that draws what lies beside a case."""

    _catalogue: Catalogue
    _words: Words
    _surroundings: Callable[[], Surroundings]
    _now: Callable[[], datetime]

    def _finding(self, record: Record) -> views.View:
        around = self._surroundings()
        camera = not around.code_scanner and "document_camera" not in around.faults
        return views.Finding(around.code_scanner, camera, not around.online, record.trouble)

    def _case_number(self, record: Record) -> views.View:
        beside = record.beside
        problems = beside.problems() if beside.show_problems else {}

        def entry(asked: Field) -> views.FormEntry:
            value = beside.typed.get(asked.name, "")
            labelled = replace(
                asked,
                label=self._words(f"case_number.{asked.name}"),
                hint=self._words(f"case_number.{asked.name}_hint"),
            )
            return views.FormEntry(labelled, value, "citizen" if value else "", problems.get(asked.name, ""))

        today = self._now().astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        asked = tuple(entry(one) for one in BY_NUMBER)
        return views.Form((), asked, show_problems=bool(problems), about="case_number", today=today)

    def _own_card(self, record: Record) -> views.View:
        return views.PlaceCard(record.trouble, purpose="progress")

    def _cases(self, record: Record) -> views.View:
        beside = record.beside
        state: Literal["asking", "list", "nothing", "failed"] = "list"
        if beside.code:
            state = "nothing" if beside.code == UNKNOWN else "failed"
        elif beside.found is None:
            state = "asking"
        elif not beside.found:
            state = "nothing"
        cards = tuple(_card(case) for case in beside.found or ())
        code = beside.code
        if state == "asking" and record.slow:
            code = SLOW if self._surroundings().online else OFFLINE
        return views.Cases(state, beside.way == "card", cards, code)

    def _standing(self, record: Record) -> views.View:
        case, beside = record.beside.chosen, record.beside
        matter = self._matter_of(case)
        again = None if case.correction is None else self._asked_again(case.correction, matter)
        return views.CaseStanding(
            matter=case.matter,
            number=case.acceptance_number,
            state=case.state,
            received_at=_local(case.received_at),
            departments=tuple(
                views.DepartmentLine(
                    part.department, part.items, part.state, part.what, part.at.astimezone(CHINA)
                )
                for part in case.departments
            ),
            asked_again=again,
            mendable=mendable(matter, case.correction, self._surroundings().faults),
            can_withdraw=case.can_withdraw,
            by_card=beside.way == "card",
        )

    def _asked_again(self, wanted: Correction, matter: Matter | None) -> views.AskedAgain:
        labels = {field.name: field.label for field in matter.fields} if matter else {}
        names = tuple(labels.get(name, name) for name in wanted.fields)
        return views.AskedAgain(
            wanted.department, wanted.reason, names, tuple(name for _, name in wanted.materials)
        )

    def _matter_of(self, case: Standing) -> Matter | None:
        return next((one for one in self._catalogue.matters if one.code == case.matter_code), None)

    def _withdraw(self, record: Record) -> views.View:
        case = record.beside.chosen
        return views.Withdraw(case.matter, case.acceptance_number, record.beside.sure)

    def _sending(self, record: Record) -> views.View:
        return views.HandingIn("sealing")

    def _not_sent(self, record: Record) -> views.View:
        return views.NotSaved(record.trouble)

    def _noted(self, record: Record) -> views.View:
        around, beside = self._surroundings(), record.beside
        return views.Noted(
            kind=beside.doing or "correction",
            number=beside.number,
            receipt=record.slip,
            receipt_trouble=record.slip_trouble,
            offline=not around.online,
            phone=around.phone,
            hotline=around.hotline if around.hotline != around.phone else "",
        )

    def _take_home(self, record: Record) -> views.View:
        around = self._surroundings()
        paper: Literal["sheet", "slip", ""] = "sheet" if around.page_printer else ""
        return views.NoticeToGo(
            name=record.chosen.name,
            qr=notice_code(record.chosen, self._words, around),
            online=bool(around.notices_url),
            paper=paper or ("slip" if around.printer_ready else ""),
            printing=record.to_go,
            trouble=record.slip_trouble if record.to_go == "failed" else "",
        )

    def _tips(self, record: Record) -> views.View:
        """Only from what this visit holds anyway: her card, her answers, and what she has just handed in."""
        person = record.known_applicant
        about = About(
            born=person.birth,
            sex=person.sex,
            address=person.address,
            answers=record.answers,
            earlier=(record.chosen.code,),
        )
        today = self._now().astimezone(CHINA).date()
        found = recommend(self._catalogue, about, today, most=MOST_TIPS)
        return views.Tips(tuple(views.Tip(one.name, one.reason, one.complete, one.sample) for one in found))


def _card(case: Standing) -> views.CaseCard:
    return views.CaseCard(
        case.case_id,
        case.matter,
        case.state,
        _local(case.received_at),
        case.acceptance_number,
        case.correction is not None,
    )


def _local(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(CHINA)
