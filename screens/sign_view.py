"""Sign: the text that is signed above the line, large; 重写, 完成. Who cannot write confirms by key instead."""

from typing import Any

from kiosk.journey.events import Sign
from kiosk.journey.views import SignView
from screens.base import Desk, StepScreen
from screens.widgets.action_bar import Action
from screens.widgets.signature_pad import SignaturePad


class SignViewScreen(StepScreen):
    """See `sign_view.kv`. Nothing on it scrolls: a finger here writes. Whether she writes is the screen's own short
    state: it is asked twice, and nothing is decided before she confirms."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._pad: SignaturePad = self.ids.pad
        self._instead = self.ids.instead.__self__
        self._writes = True
        self._pad.fbind("ink", self._offer)
        self.remove_widget(self._instead)

    def draw(self, view: SignView) -> None:
        """The text that is bound to the signature."""
        self.wait_for("" if view.digest else "papers")
        self.ids.statement.plain = self.words("sign.statement", matter=view.matter, pages=view.pages)
        titles = self.words("list.comma").join(view.promises)
        also = self.words("replaced.sign", titles=titles) if titles else ""
        other = self.words("replaced.for_other", name=view.acts_for) if view.acts_for else ""
        self.ids.also.plain = "\n".join(part for part in (other, also) if part)
        code = grouped_digest(view.digest)
        self.ids.digest.plain = (
            self.words("sign.digest", digest=code) if code else self.words("sign.digest_soon")
        )
        self._offer()

    def _offer(self, *_: object) -> None:
        """An empty or accidental signature cannot be handed in."""
        self.sentence = self.words("sign.here" if self._writes else "sign.instead.sentence")
        self.quiet = self.words("sign.binding") if self._writes else ""
        if not self._writes:
            self.offer(
                Action("action.confirm", self.words("sign.instead.confirm"), self._confirm, "check"),
                Action("action.write", self.words("sign.instead.write"), self._turn, "draw"),
            )
            return
        written = self._pad.ink > 0
        self.ids.place.opacity = 0.0 if written else 1.0
        again = Action("action.clear", self.words("sign.again"), self._pad.clear, "eraser")
        cannot = Action("action.cannot_write", self.words("sign.instead.offer"), self._turn)
        self.offer(
            Action("action.continue", self.words("sign.done"), self._sign, "check", enabled=self._pad.enough),
            again if written else cannot,
        )

    def _turn(self) -> None:
        """From the pad to the confirmation, and back."""
        self._pad.clear()
        gone, comes = (self._pad, self._instead) if self._writes else (self._instead, self._pad)
        self.remove_widget(gone)
        self.add_widget(comes)
        self._writes = not self._writes
        self._offer()

    def _sign(self) -> None:
        self.post(Sign(self._pad.strokes()))

    def _confirm(self) -> None:
        self.post(Sign((), "cannot_write"))

    def leave(self) -> None:
        """The signature goes with the screen."""
        self._pad.clear()


def grouped_digest(digest: str) -> str:
    """Sixteen hex digits in fours, as they are compared by eye."""
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))
