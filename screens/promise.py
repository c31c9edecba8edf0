"""告知承诺: the whole text, what a false promise means, and a tick below it all; then 我承诺, or rather the paper."""

from kivy.properties import BooleanProperty, OptionProperty, StringProperty

from kiosk.journey.events import Continue, RatherPaper, TickPromise
from kiosk.journey.views import PromiseText
from screens.base import StepScreen
from screens.widgets.action_bar import Action
from screens.widgets.surface import TouchCard
from screens.widgets.touch import ROLES


class TickCard(TouchCard):
    """我已经看完: stands below the text, so that a long one must be scrolled to its end. See `promise.kv`."""

    plain = StringProperty("")
    ticked = BooleanProperty(False)
    role = OptionProperty("choice", options=ROLES)


class PromiseScreen(StepScreen):
    """See `promise.kv`."""

    def draw(self, view: PromiseText) -> None:
        """The main action can be touched once she ticked."""
        self.sentence = self.words("promise.sentence")
        which = self.words("promise.which", number=view.number, of=view.of) if view.of > 1 else ""
        self.quiet = self.quietly(which, self.time_left())
        if self.ids.title.plain != view.title:
            self.ids.sheet.to_top()
        self.ids.title.plain, self.ids.text.plain = view.title, view.text
        self.ids.instead.plain = self.words(
            "promise.instead", names=self.words("list.comma").join(view.instead_of)
        )
        self.ids.false_means.plain = view.false_means
        self.ids.tick.ticked = view.ticked
        self.offer(
            Action("action.continue", self.words("promise.agree"), Continue(), "draw", enabled=view.ticked),
            Action("action.paper", self.words("promise.paper"), RatherPaper()),
        )

    def tick(self) -> None:
        """She has read it, or takes that back."""
        self.post(TickPromise())
