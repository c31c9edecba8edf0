"""The reader waits for a card: a film shows where it goes and how."""

from kiosk.journey.events import EnterByHand, TryAgain
from kiosk.journey.views import PlaceCard
from screens.base import StepScreen
from screens.widgets.action_bar import Action

#: troubles that she can mend by laying the card down again; after any other the reader itself must be tried again
_HERS = "condition."


class PlaceCardScreen(StepScreen):
    """See `place_card.kv`."""

    def draw(self, view: PlaceCard) -> None:
        """Film and tip; when the reader is gone, one button that tries it again."""
        broken = bool(view.trouble) and not view.trouble.startswith(_HERS)
        self.sentence = self.words("place_card.broken" if broken else "place_card.sentence")
        self.quiet = "" if broken else self.quietly(self.words("place_card.where"), self.time_left())
        self.ids.reader.still = self.desk.still
        self.ids.reader.live = not broken
        tip = self.ids.tip
        usual = "city" if view.purpose else "tip"
        tip.mood = "wrong" if view.trouble else usual
        tip.plain = self.words(f"errors.{view.trouble}.citizen") if view.trouble else self._usually(view)
        again = Action("action.try_again", self.words("place_card.again"), TryAgain(), "refresh")
        by_hand = Action(
            "action.by_hand", self.words("place_card.by_hand"), EnterByHand(), "keyboard-outline"
        )
        self.offer(again if broken else None, *((by_hand,) if view.by_hand else ()))

    def _usually(self, view: PlaceCard) -> str:
        """What the card is read for, where she was not asked before; else what most people do wrong."""
        return self.words(f"place_card.{view.purpose}") if view.purpose else self.words("place_card.tip")

    def leave(self) -> None:
        """Stop the film."""
        self.ids.reader.stop()
