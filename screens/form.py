"""The one form: what is known is folded away, only what is missing is asked, the keyboard opens below the row."""

from dataclasses import replace
from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, OptionProperty, StringProperty

from kiosk.catalogue.model import Check, Field
from kiosk.catalogue.secrets import is_secret
from kiosk.journey.events import AllRight, Continue, Fill, Reveal
from kiosk.journey.views import Form, FormEntry
from screens.base import Desk, StepScreen
from screens.input.layouts import KIND_BY_CHECK, Kind, grouped
from screens.input.panel import InputPanel, hidden, readable_date
from screens.theme import tokens
from screens.widgets.action_bar import Action
from screens.widgets.chip import Chip
from screens.widgets.surface import Surface, TouchCard
from screens.widgets.text import Text
from screens.widgets.touch import ROLES


class KnownCard(TouchCard):
    """已为您填好 N 项: a touch unfolds it. See `form.kv`."""

    title = StringProperty("")
    fold = StringProperty("")
    unfolded = BooleanProperty(False)


class KnownLine(TouchCard):
    """A known field, read only; a touch shows what is masked for some seconds. See `form.kv`."""

    label = StringProperty("")
    value = StringProperty("")
    origin = StringProperty("")
    eye = StringProperty("")  #: icon; "" where nothing is masked


class FieldRow(TouchCard):
    """A field that is asked; a touch opens its keyboard. See `form.kv`."""

    role = OptionProperty("field", options=ROLES)
    label = StringProperty("")
    optional = StringProperty("")
    origin = StringProperty("")  #: where the value came from, when she did not write it herself
    problem = StringProperty("")
    active = BooleanProperty(False)
    large = BooleanProperty(False)  #: it stands alone on the screen


class ChoiceRow(Surface):
    """A field with a few answers, all of them visible. See `form.kv`."""

    label = StringProperty("")
    origin = StringProperty("")
    problem = StringProperty("")
    large = BooleanProperty(False)  #: it stands alone on the screen


class FormScreen(StepScreen):
    """See `form.kv`. While a keyboard is open it stands in the place of the buttons."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._view: Form | None = None
        self._shape: object = None
        self._known: tuple[FormEntry, ...] = ()  #: that stand there now
        self._rows: dict[str, FieldRow | ChoiceRow] = {}
        self._chips: dict[str, dict[str, Chip]] = {}
        self._panel: InputPanel | None = None
        self._open: Field | None = None
        self._reveal = Clock.create_trigger(self._reveal_row, 0)
        self.ids.scroll.viewport.fbind("size", self._reveal)  # the keyboard leaves less room

    def draw(self, view: Form) -> None:
        """Rows are rebuilt only when the fields change; values are written in place."""
        self._view = view
        shape = tuple(entry.field for entry in (*view.known, *view.asked))
        if shape != self._shape:
            self._shape = shape
            self._close()
            self._build(view)
        self._write_known(view)
        for entry in view.asked:
            self._write(entry)
        self._say()

    # --- what is known ---

    def toggle_known(self) -> None:
        """Unfold or fold what is filled in already."""
        card = self.ids.known
        card.unfolded = not card.unfolded
        if self._view is not None:
            self._write_known(self._view)

    def _write_known(self, view: Form) -> None:
        card, lines = self.ids.known, self.ids.known_lines
        count = len(view.known)
        card.opacity, card.enabled = float(count > 0), count > 0
        title = "delivery.known" if view.delivery else "form.known"
        card.title = self.words(title, count=count)
        card.fold = self.words("form.fold" if card.unfolded else "form.unfold")
        known = view.known if card.unfolded else ()
        if known != self._known:
            self._known = known
            lines.clear_widgets()
            for entry in known:
                lines.add_widget(self._known_line(entry))

    def _known_line(self, entry: FormEntry) -> KnownLine:
        """What is secret shows itself when it is touched; not beside a helper."""
        field = entry.field
        masked = is_secret(field) and not self.chrome.look.companion
        line = KnownLine(
            label=field.label,
            value=self._readable(field, entry.shown),
            origin=self._origin(entry),
            eye=("eye-off-outline" if entry.revealed else "eye-outline") if masked else "",
            hint=self.words("reveal.tap") if masked else "",
            touch_key=f"reveal.{field.name}",
            enabled=masked,
        )
        line.bind(on_tap=lambda _: self.post(Reveal(f"field.{field.name}")))
        return line

    # --- what is asked ---

    def _build(self, view: Form) -> None:
        asked = self.ids.asked
        asked.clear_widgets()
        self._rows, self._chips = {}, {}
        section = ""
        for entry in view.asked:
            if entry.field.section != section:
                section = entry.field.section
                asked.add_widget(Text(plain=section, kind="body", bold=True, padding=(0, 12, 0, 0)))
            self._rows[entry.field.name] = row = self._row(entry.field)
            asked.add_widget(row)

    def _row(self, field: Field) -> FieldRow | ChoiceRow:
        if field.check is Check.CHOICE:
            return self._choice_row(field)
        row = FieldRow(
            label=field.label,
            said=field.label,
            hint=self._hint(field) or self.words("form.empty"),
            optional="" if field.required else self.words("form.optional"),
            touch_key=f"field.{field.name}",
            large=self._alone,
        )
        row.bind(on_tap=lambda _: self._open_panel(field))
        return row

    @property
    def _alone(self) -> bool:
        """Whether one question stands on the screen."""
        return self._view is not None and self._view.number > 0

    def _hint(self, field: Field) -> str:
        """The catalogue's hint, unless it only says again what the mark says."""
        return "" if field.hint == self.words("form.optional") else field.hint

    def _choice_row(self, field: Field) -> ChoiceRow:
        row = ChoiceRow(label=field.label, large=self._alone)
        self._chips[field.name] = chips = {}
        for choice in field.choices:
            chips[choice.value] = chip = Chip(
                plain=choice.label,
                said=self.words("focus.of", part=choice.label, whole=field.label),
                touch_key=f"choice.{choice.value}",
                edge=tokens.CITY_EDGE,
            )
            chip.bind(on_tap=lambda _, value=choice.value: self._choose(field, value))
            row.ids.chips.add_widget(chip)
        return row

    def _choose(self, field: Field, value: str) -> None:
        self._close()
        self.post(Fill(field.name, value))
        self._say()

    def _write(self, entry: FormEntry) -> None:
        field, row = entry.field, self._rows[entry.field.name]
        writing = self._open is not None and self._open.name == field.name
        row.problem = self._problem(entry) if not writing else ""
        row.origin = self._origin(entry) if not writing else ""
        if isinstance(row, FieldRow):
            row.active = writing
            if writing:
                self._reveal()  # the row may have grown
            veiled = (
                entry.shown if not writing else hidden(entry.value) if self._dotted(field) else entry.value
            )
            row.value = self._readable(field, veiled)
        for value, chip in self._chips.get(field.name, {}).items():
            chip.chosen = value == entry.value

    def _dotted(self, field: Field) -> bool:
        """Whether dots stand for what she writes: somebody helps her, and it is her secret."""
        return self.chrome.look.companion and (is_secret(field) or field.check is Check.NAME)

    def _origin(self, entry: FormEntry) -> str:
        """Where a value came from; nothing is said of what she wrote herself."""
        if entry.source == "earlier" and entry.from_at is not None:
            at = entry.from_at
            return self.words("form.from.earlier", year=at.year, month=at.month, matter=entry.from_matter)
        if entry.source not in ("card", "answer", "ocr") or (self._view is not None and self._view.delivery):
            return ""
        return self.words(f"form.from.{entry.source}")

    def _problem(self, entry: FormEntry) -> str:
        if not entry.problem:
            return ""
        return self.words(entry.problem, label=entry.field.label, longest=entry.field.longest)

    def _readable(self, field: Field, value: str) -> str:
        if field.check is Check.DATE:
            return readable_date(value, self.words)
        return grouped(self._kind(field), value)

    def _kind(self, field: Field) -> Kind:
        """A case's number and the last four of an id number are written on the pad that has an X."""
        if self._view is not None and self._view.about == "case_number":
            return Kind.CASE_NUMBER
        return KIND_BY_CHECK.get(field.check, Kind.PINYIN)

    # --- the keyboard ---

    def _open_panel(self, field: Field) -> None:
        self._close()
        if self._view is None:
            return
        entry = next(entry for entry in self._view.asked if entry.field.name == field.name)
        address = self.words("form.address_parts").split() if field.check is Check.ADDRESS else []
        self._open = field
        self._panel = InputPanel(
            self._kind(field),
            lambda text: self.post(Fill(field.name, text)),
            entry.value,
            words=self.words,
            on_done=self._done,
            hint=self._hint(field),
            longest=field.longest,
            suggestions=tuple(address),
            latest=self._view.today.date(),
            dotted=self._dotted(field),
        )
        self.add_to_foot(self._panel)
        self._write(entry)
        self._say()
        self._reveal()

    def _done(self) -> None:
        panel, field = self._panel, self._open
        self._close()
        if panel is not None and field is not None and self._is_read(field):
            self.post(Fill(field.name, panel.text))  # it is right as it was read from her paper: she says so
        self._say()

    def _close(self) -> None:
        """Put the keyboard away; what was half spelled is settled and kept."""
        if self._panel is None or self._open is None:
            return
        panel, field = self._panel, self._open
        self._panel, self._open = None, None
        self.remove_from_foot(panel)
        before = panel.text
        if panel.close() != before:
            self.post(Fill(field.name, panel.text))
        row = self._rows[field.name]
        if isinstance(row, FieldRow):
            row.active = False

    def _is_read(self, field: Field) -> bool:
        entries = self._view.asked if self._view is not None else ()
        return any(e.field.name == field.name and e.source in ("ocr", "earlier") for e in entries)

    def _reveal_row(self, *_: object) -> None:
        if self._open is not None:
            self.ids.scroll.reveal(self._rows[self._open.name])

    # --- sentence and buttons ---

    def _say(self) -> None:
        view = self._view
        if view is None:
            return
        if self._open is not None:
            self.sentence = self.words("form.write", label=self._open.label)
            self.quiet = ""
            self.actions.offer(None, (), replace(self.chrome, can_go_back=False))
            return
        missing = sum(entry.field.required and not entry.value for entry in view.asked)
        wrong = sum(bool(entry.problem) for entry in view.asked)
        state = "mend" if view.show_problems and wrong else "fill" if missing else "ready"
        asks = "by_hand" if view.by_hand else "delivery" if view.delivery else "form"
        self.sentence = self.words(f"{view.about or asks}.{state}")
        left = self.words("form.missing", count=missing) if missing else ""
        follows = view.number < view.of
        if self._alone:
            self.sentence, left = self.words("form.question_of", number=view.number, of=view.of), ""
        checked = self.words("by_hand.checked") if view.by_hand else ""
        if view.about in ("hardship", "callback"):
            checked = self.words(f"{view.about}.privacy")
        self.quiet = self.quietly(checked, left, self.time_left())
        said = self.words("form.next_question" if follows else "action.next")
        goes_on = Action("action.continue", said, Continue(), "arrow-right")
        right = Action("action.all_right", self.words("form.from.all_right"), AllRight(), "check-all")
        self.offer(goes_on, *((right,) if view.proposed else ()))

    def leave(self) -> None:
        """Nothing that was written stays in the widgets."""
        self._reveal.cancel()
        if self._panel is not None:
            self._panel.drop()
        self._panel, self._open, self._view, self._known = None, None, None, ()
        self.ids.asked.clear_widgets()
        self.ids.known_lines.clear_widgets()
