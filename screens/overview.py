"""为您合并办理: what she saves in big numbers, what she may leave at home, who does what, where she must be seen."""

from collections.abc import Sequence
from typing import Any

from kivy.properties import StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.journey.events import ChooseProof, Continue
from kiosk.journey.views import InPersonPoint, Overview, OverviewOffice, ProofChoice, Saved
from screens.base import Desk, StepScreen
from screens.theme import tokens
from screens.widgets.action_bar import Action
from screens.widgets.chip import Chip
from screens.widgets.surface import Surface
from screens.widgets.text import Text
from screens.widgets.tip_card import TipCard


class SavedCard(Surface):
    """One reduction: from so many to so few. See `overview.kv`."""

    label = StringProperty("")
    before = StringProperty("")
    after = StringProperty("")
    unit = StringProperty("")


class ProofRow(Surface):
    """A material and what may stand for it. See `overview.kv`."""

    name = StringProperty("")
    note = StringProperty("")


class OfficeCard(Surface):
    """A department, what it does, and how long it says it takes. See `overview.kv`."""

    department = StringProperty("")
    days = StringProperty("")


class PointCard(Surface):
    """Where she must be seen. See `overview.kv`."""

    items = StringProperty("")
    why = StringProperty("")
    where = StringProperty("")
    how = StringProperty("")


class OverviewScreen(StepScreen):
    """See `overview.kv`. Built once; her choices only change marks and numbers."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._shape: object = None
        self._saved: tuple[Saved, ...] | None = None
        self._rows: dict[str, tuple[ProofRow, dict[str, Chip]]] = {}

    def draw(self, view: Overview) -> None:
        """Fill what changed."""
        offices = {office.department for stage in view.stages for office in stage.offices}
        items = sum(len(office.items) for stage in view.stages for office in stage.offices)
        self.sentence = self.words("overview.sentence" if items > 1 else "overview.sentence_one")
        count = self.words("overview.items", items=items, offices=len(offices)) if items > 1 else ""
        self.quiet = self.quietly(count, self.time_left())
        shape = (view.stages, view.points, tuple(choice.ways for choice in view.choices), view.earlier)
        if shape != self._shape:
            self._shape = shape
            self._build(view)
        if view.saved != self._saved:
            self._saved = view.saved
            self._write_saved(view.saved)
        for choice in view.choices:
            self._mark(choice)
        self.offer(Action("action.continue", self.words("overview.go"), Continue(), "arrow-right"))

    def _build(self, view: Overview) -> None:
        sheet = self.ids.rest
        sheet.clear_widgets()
        self._rows = {}
        self._say_earlier(view)
        if view.choices:
            self._head(sheet, self.words("overview.choices"))
            for choice in view.choices:
                sheet.add_widget(self._choice(choice))
        if view.points:
            self._head(sheet, self.words("overview.points"))
            for point in view.points:
                sheet.add_widget(self._point(point))
        for stage in view.stages:
            several = len(stage.offices) > 1 or len(view.stages) > 1
            title = "overview.together" if stage.number == 1 else "overview.after"
            if several:
                self._head(sheet, self.words(title))
            for office in stage.offices:
                sheet.add_widget(self._office(office))
        self._say_days(sheet, view)

    def _say_earlier(self, view: Overview) -> None:
        if view.earlier in ("nothing", "failed"):
            self.ids.told.plain, self.ids.told.mood = self.words(f"overview.{view.earlier}"), "city"
        elif view.found:
            found = self.words("overview.found", count=view.found)
            self.ids.told.plain, self.ids.told.mood = found, "good"
        else:
            self.ids.told.plain = ""

    def _say_days(self, sheet: Any, view: Overview) -> None:
        if not view.promised_days:
            return
        key = "overview.all_days_some" if view.unknown_days else "overview.all_days"
        said = self.words(key, days=view.promised_days)
        sheet.add_widget(TipCard(plain=said, mood="city", icon="clock-outline"))

    def _head(self, sheet: Any, title: str) -> None:
        sheet.add_widget(Text(plain=title, kind="body", bold=True, tone="city", padding=(0, 12, 0, 0)))

    def _write_saved(self, saved: Sequence[Saved]) -> None:
        row = self.ids.saved
        row.clear_widgets()
        row.height = 248 if saved else 0
        for one in saved:
            row.add_widget(
                SavedCard(
                    label=self.words(f"overview.kind.{one.kind}"),
                    before=str(one.before),
                    after=str(one.after),
                    unit=self.words(f"overview.unit.{one.kind}"),
                )
            )

    # --- what may be left at home ---

    def _choice(self, choice: ProofChoice) -> ProofRow:
        row = ProofRow(name=choice.name)
        chips: dict[str, Chip] = {}
        for way in choice.ways:
            chips[way] = chip = Chip(
                plain=self.words(f"proof.{way}"),
                said=self.words("focus.of", part=self.words(f"proof.{way}"), whole=choice.name),
                touch_key=f"proof.{choice.slot}.{way}",
                edge=tokens.CITY_EDGE,
            )
            chip.bind(on_tap=lambda _, way=way: self.post(ChooseProof(choice.slot, way)))
            row.ids.ways.add_widget(chip)
        self._rows[choice.slot] = (row, chips)
        return row

    def _mark(self, choice: ProofChoice) -> None:
        row, chips = self._rows[choice.slot]
        for way, chip in chips.items():
            chip.chosen = way == choice.chosen
        if choice.chosen == "promise":
            row.note = self.words("proof.promise_is", promise=choice.promise)
        elif choice.licence:
            row.note = self.words("proof.licence_from", licence=choice.licence, issuer=choice.issuer)
        else:
            row.note = ""

    # --- who does what, and where ---

    def _office(self, office: OverviewOffice) -> OfficeCard:
        days = self.words("overview.days", days=office.days) if office.days is not None else ""
        card = OfficeCard(department=office.department, days=days or self.words("overview.days_unknown"))
        for name, online in office.items:
            line = BoxLayout(orientation="vertical", size_hint_y=None)
            line.fbind("minimum_height", line.setter("height"))
            line.add_widget(Text(plain=name))
            if not online:
                line.add_widget(Text(plain=self.words("overview.paper_list"), kind="small", tone="notice"))
            card.ids.items_of_it.add_widget(line)
        return card

    def _point(self, point: InPersonPoint) -> PointCard:
        hours = self.words("overview.point_hours", hours=point.hours) if point.hours else ""
        ask = self.words("overview.point_ask", phone=point.phone) if point.phone else ""
        return PointCard(
            items=self.words("list.comma").join(point.items),
            why=point.why,
            where=point.where,
            how="\n".join(part for part in (point.address, hours, ask) if part),
        )

    def leave(self) -> None:
        """Nothing of her choices stays in the widgets."""
        for part in (self.ids.rest, self.ids.saved):
            part.clear_widgets()
        self._shape, self._saved, self._rows = None, None, {}
