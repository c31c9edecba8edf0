"""Review: the case as a sheet of paper; touch a part to change it."""

from typing import Any

from kivy.properties import NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.journey.events import Continue, GoTo, Reveal
from kiosk.journey.views import PageCard, Review, ReviewMaterial
from screens.base import Desk, StepScreen
from screens.widgets.action_bar import Action
from screens.widgets.icon import Icon
from screens.widgets.surface import TouchCard
from screens.widgets.text import Text
from screens.widgets.thumbnail import Picture

THUMB = (92, 120)  #: pixels; an A4 page
MOST_THUMBS = 5


class ReviewPart(TouchCard):
    """A part of the sheet with what it says; a touch changes it. See `review.kv`."""

    tells_inside = True

    title = StringProperty("")
    change = StringProperty("")


class ReviewLine(BoxLayout):
    """A label and its value. See `review.kv`."""

    label = StringProperty("")
    value = StringProperty("")
    share = NumericProperty(0.36)  #: of the width, for the label


class ReviewPages(BoxLayout):
    """A material's name, how many pages, and its pictures. See `review.kv`."""

    name = StringProperty("")
    count = StringProperty("")


class ReviewScreen(StepScreen):
    """See `review.kv`."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._view: Review | None = None

    def draw(self, view: Review) -> None:
        """The sheet is written anew only when the case changed."""
        self.sentence = self.words("review.check")
        pages = sum(len(material.pages) for material in view.materials)
        self.quiet = self.quietly(self.words("review.change", pages=pages), self.time_left())
        if view != self._view:
            self._view = view
            self._write(view)
        seen = view.secrets == "seen"
        said, icon = ("reveal.hide", "eye-off-outline") if seen else ("reveal.show", "eye-outline")
        reveal = Action("action.reveal", self.words(said), Reveal("review"), icon)
        sign = Action("action.continue", self.words("review.sign"), Continue(), "draw")
        self.offer(sign, *((reveal,) if view.secrets else ()))

    def _write(self, view: Review) -> None:
        self.ids.matter.plain = view.matter
        self.ids.included.plain = self.words(
            "review.items", items=self.words("review.comma").join(view.items)
        )
        parts = self.ids.parts
        parts.clear_widgets()
        if view.situations:
            lines = [
                ReviewLine(label=question, value=answer, share=0.5) for question, answer in view.situations
            ]
            parts.add_widget(self._part("situation", self.words("steps.situation"), lines))
        filled = [(label, value or self.words("review.empty")) for label, value in view.fields]
        if view.acts_for:
            filled.insert(0, (self.words("replaced.acts_for"), view.acts_for))
        lines = [ReviewLine(label=label, value=value) for label, value in filled]
        parts.add_widget(self._part("form", self.words("steps.form"), lines))
        for number, material in enumerate(view.materials, start=1):
            title = self.words("review.material", number=number, of=len(view.materials))
            parts.add_widget(self._part(f"material:{material.slot}", title, [self._pages(material)]))
        if view.replaced:
            lines = [ReviewLine(label=name, value=self.words(f"replaced.{by}")) for name, by in view.replaced]
            parts.add_widget(self._part("overview", self.words("replaced.title"), lines))
        if view.delivery:
            lines = [ReviewLine(label=label, value=value) for label, value in view.delivery]
            parts.add_widget(self._part("delivery", self.words("replaced.result"), lines))

    def _part(self, part: str, title: str, lines: list[Any]) -> ReviewPart:
        card = ReviewPart(title=title, change=self.words("review.change_this"), touch_key=f"part.{part}")
        card.bind(on_tap=lambda _: self.post(GoTo(part)))
        for line in lines:
            card.add_widget(line)
        return card

    def _pages(self, material: ReviewMaterial) -> ReviewPages:
        row = ReviewPages(name=material.name, count=self.words("review.pages", count=len(material.pages)))
        for page in material.pages[:MOST_THUMBS]:
            row.ids.thumbs.add_widget(self._thumb(page))
        hidden = len(material.pages) - MOST_THUMBS
        if hidden > 0:
            more = Text(plain=f"+{hidden}", bold=True, wrap=False, pos_hint={"center_y": 0.5})
            row.ids.thumbs.add_widget(more)
        row.ids.thumbs.add_widget(Widget())
        return row

    def _thumb(self, page: PageCard) -> BoxLayout:
        frame = BoxLayout(size_hint=(None, None), size=THUMB)
        picture = Picture()
        picture.show(page.thumbnail)
        frame.add_widget(picture)
        if page.flagged:
            frame.add_widget(Icon(name="alert-circle-outline", tone="notice", extent=36))
        return frame

    def leave(self) -> None:
        """Nothing of the case stays in the widgets."""
        self.ids.parts.clear_widgets()
        self._view = None
