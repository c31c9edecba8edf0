"""The whole visit behind two verbs: `handle` an event, draw the `scene`. Headless and single-threaded."""

import math
import re
from dataclasses import fields, replace
from typing import Any

from ground.clock import Clock
from kiosk.journey import events as ev
from kiosk.journey.aside import Aside
from kiosk.journey.chart import VisitChart
from kiosk.journey.delays import DEFAULTS
from kiosk.journey.look import USUAL, Look, LookPage, Theme, page_of
from kiosk.journey.patience import Overlay
from kiosk.journey.privacy import Presence, Veil
from kiosk.journey.show import Show
from kiosk.journey.views import Away, Cleaning, CleanQuestion, Idle, LookChoice, Scene, StillThere, View
from kiosk.journey.visit import Visit
from kiosk.tending.events import TendingAnswer, TendingEvent

#: which answer of the world belongs to which request of the visit
_ASKED_FOR: dict[type[ev.Event], str] = {
    ev.CardRead: "card",
    ev.CardFailed: "card",
    ev.SheetSeen: "sheet",
    ev.SheetReady: "sheet",
    ev.CameraFailed: "sheet",
    ev.PageTaken: "page",
    ev.PageFailed: "page",
    ev.PagesScanned: "page",
    ev.KeptFound: "kept",
    ev.PageRead: "reading",
    ev.ReadFailed: "reading",
    ev.PhoneReady: "phone",
    ev.PhoneOpened: "phone",
    ev.PhoneArrived: "phone",
    ev.PhoneOver: "phone",
    ev.StickSeen: "stick",
    ev.FilePictured: "stick",
    ev.Bound: "papers",
    ev.BindFailed: "papers",
    ev.Sealed: "case",
    ev.SealFailed: "case",
    ev.Delivered: "case",
    ev.Printed: "slip",
    ev.PrintFailed: "slip",
    ev.Pressed: "rating",
    ev.CasesFound: "asking",
    ev.ProgressFound: "asking",
    ev.AskFailed: "asking",
    ev.MessageKept: "message",
    ev.MessageFailed: "message",
    ev.CodeScanned: "code",
    ev.EarlierFound: "earlier",
    ev.EarlierFailed: "earlier",
    ev.DraftSaved: "draft",
    ev.DraftFailed: "draft",
}
#: no question may cover these: the visit is over, or cannot be left just now
_UNCOVERED = frozenset({"idle", "handing_in", "goodbye", "sorry", "sending"})
#: here nobody is who could report anything
_NOBODY = frozenset({"idle", "goodbye", "sorry"})
#: events after which a second tap that was meant for the same thing would hit another one
_ONCE = (
    ev.Answer, ev.Back, ev.Continue, ev.DeletePage, ev.RatherPaper, ev.Retake, ev.StartOver, ev.Reprint,
    ev.PrintNotice,
)  # fmt: skip
_TRIGGERS: dict[type[ev.Event], str] = {ev.Continue: "go_on", ev.Sign: "signed"}


def trigger(event: ev.Event) -> str:
    """The chart's name for `event`: its class name in snake case, but for two that Python or English forbid."""
    kind = type(event)
    return _TRIGGERS.get(kind) or re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


class Journey:
    """Chart, model, patience and overlays put together."""

    def __init__(self, visit: Visit, show: Show, clock: Clock) -> None:
        self._visit = visit
        self._show = show
        self._clock = clock
        self._chart = VisitChart(visit)
        self._overlay: Overlay = ""
        self._aside: Aside | None = None
        self._number = 0
        self._headphones = False
        self._page: LookPage = "see"  #: of the choice how it looks
        self._look = self._usual()
        self._forgotten_at = 0.0  #: when nobody has begun a visit since a look was chosen on the idle screen
        self._veil, self._presence = Veil(), Presence(clock, visit.delays)
        self._veils_at = 0.0  #: when what she had shown is masked again
        self._uncovers = 0.0  #: when the overlay that ends by itself does
        self._dims_at = clock.after(visit.delays.dim_after_s)

    @property
    def state(self) -> str:
        """The chart's present state."""
        return self._visit.state

    # --- what happens ---

    def handle(self, event: ev.Event) -> None:
        """Let `event` happen. An answer whose question was given up is dropped; an impossible event raises."""
        asked_for = _ASKED_FOR.get(type(event))
        if isinstance(event, TendingEvent | TendingAnswer):
            return  # nobody can look after this one
        if self._overlay == "cleaning":
            return  # a wet cloth, or a code that was held up meanwhile
        if isinstance(event, ev.PresenceSeen):
            self._presence.seen(event.there)
            self._wake()
        elif asked_for is None:
            self._citizen(event)  # type: ignore[arg-type]
        elif self._aside is not None and self._aside.world(event):
            self._number += 1
        elif self._visit.awaited.get(asked_for) == getattr(event, "ticket", None):
            if isinstance(event, ev.PageRead | ev.ReadFailed):
                self._visit.hear(event)
            else:
                self._send(event)

    def apologise(self, reference: str) -> None:
        """Show, on the idle screen's place, that the last visit was ended by a fault."""
        self._chart.send("apologise", reference=reference)
        self._number += 1

    def cut_short(self) -> None:
        """The power ends: her visit ends now, and what she gave stays sealed for her to go on with."""
        self._visit.cutting(True)
        self._cover("")
        self._fire("leave")
        self._visit.cutting(False)

    def _citizen(self, event: ev.CitizenEvent) -> None:
        self._visit.patience.touch()
        self._presence.touched()
        self._wake()
        if self._overlay == "away":
            self._cover("")
            return  # she found her way back; what she touched lay under the cover
        match event:
            case ev.Touched():
                return  # the next tick takes the countdown away
            case ev.Reveal():
                self._reveal(event.part)
            case ev.AskLeave():
                self._cover("leave")
            case ev.AskHelp():
                self._cover("help")
            case ev.AskLook():
                self._page = "see"
                self._cover("look")
            case ev.AskClean() | ev.Clean():
                self._wipe_the_glass(sure=isinstance(event, ev.Clean))
            case ev.ChangeLook():
                self._page = page_of(self._look, event.look)
                self._wear(event.look)
            case ev.SayAgain():
                self._say_again()
            case ev.ChooseLanguage():
                self._wear(replace(self._look, language=event.language))
                if self.state == "idle" and not self._overlay:
                    self._fire("start")
            case ev.Stay() if self._overlay or self._aside is None:
                self._cover("")
            case ev.Leave():
                self._cover("")
                self._fire("leave")
            case ev.Report():
                self._report(event)
            case ev.SaveDraft():
                if self._visit.can_save():
                    self._visit.save_draft()
                self._cover("")
                self._fire("leave")
            case _ if self._overlay:
                return  # a second finger under a question that covers the screen
            case _ if self._aside is not None:
                if not self._aside.citizen(event):
                    self._aside = None
                self._number += isinstance(event, _ONCE) or self._aside is None
            case _:
                self._send(event)

    def _report(self, event: ev.Report) -> None:
        """Begin a report over whatever she is at; one that is begun is not begun again."""
        if self.state not in _NOBODY and self._aside is None:
            self._aside = self._visit.aside(event.kind)
        self._cover("")

    def _reveal(self, part: str) -> None:
        """For some seconds. Never while somebody helps her: a tap is made too easily."""
        record = self._visit.record
        if self._overlay or self._look.companion:
            return
        record.revealed = "" if record.revealed == part else part
        self._veils_at = self._clock.after(self._visit.delays.reveal_s)

    def _wipe_the_glass(self, *, sure: bool) -> None:
        """Only while nobody is here. Ends by itself, as the question does."""
        if self.state != "idle":
            return
        delays = self._visit.delays
        self._cover("cleaning" if sure else "clean")
        self._uncovers = self._clock.after(delays.cleaning_s if sure else delays.clean_question_s)

    def _cover(self, overlay: Overlay) -> None:
        self._overlay = "away" if not overlay and self._hidden else overlay
        self._visit.record.revealed = ""
        self._number += 1

    @property
    def _hidden(self) -> bool:
        """Whether something of hers would be seen although nobody stands there."""
        return self._presence.away and self._visit.personal and self.state not in _UNCOVERED

    def _wear(self, look: Look) -> None:
        self._look = look
        self._visit.wear(look)
        self._forgotten_at = self._clock.after(DEFAULTS.patience_s)
        self._number += 1

    def _say_again(self) -> None:
        """The touch that asks for this screen is heard on every one after it: she cannot read those, either."""
        voice = self._look.voice
        self._look = replace(self._look, voice=replace(voice, on=True, asked=voice.asked + 1))
        self._forgotten_at = self._clock.after(DEFAULTS.patience_s)

    def _listen(self) -> None:
        """Headphones that are plugged in turn the voice on, and at once off when they are pulled out."""
        if self._visit.headphones != self._headphones:
            self._headphones = not self._headphones
            self._wear(replace(self._look, voice=replace(self._look.voice, on=self._headphones)))

    def _send(self, event: ev.Event) -> None:
        facts = {f.name: getattr(event, f.name) for f in fields(event) if f.name != "ticket"}
        self._visit.write_down(event)
        self._fire(trigger(event), isinstance(event, _ONCE), **facts)

    def _fire(self, name: str, once: bool = False, /, **facts: Any) -> None:
        before = self.state
        self._chart.send(name, **facts)
        if self.state != before or once:
            self._number += 1
            self._visit.record.revealed = ""
        if self.state != before and self.state in _UNCOVERED:
            self._overlay = ""
        if self.state in _NOBODY:
            self._aside = None
        if self.state == "idle" != before:
            self._wake()
            self._veil.forget()
            self._wear(self._usual())

    def _wake(self) -> None:
        self._dims_at = self._clock.after(self._visit.delays.dim_after_s)

    @property
    def _dim(self) -> bool:
        """At night, when nobody stands here and nobody has touched anything for a while."""
        return self._visit.is_night and not self._presence.sensed and self._clock.due(self._dims_at)

    def _look_again(self) -> None:
        """While nobody is here: day and night come by themselves, what somebody chose goes after a while."""
        usual = self._usual()
        if self.state != "idle" or self._look == usual:
            return
        if self._look == replace(usual, theme=self._look.theme) and self._look.theme in (
            Theme.LIGHT,
            Theme.NIGHT,
        ):
            self._wear(usual)
        elif self._clock.due(self._forgotten_at):
            self._cover("")
            self._wear(usual)

    def _usual(self) -> Look:
        """How everything looks for whoever comes next: dark in the hall's night, so that nothing glares."""
        voice = self._visit.usual_voice or USUAL.voice
        usual = replace(USUAL, voice=replace(voice, on=voice.on or self._headphones))
        return replace(usual, theme=Theme.NIGHT) if self._visit.is_night else usual

    # --- time ---

    def tick(self) -> None:
        """Let time act: the one delay of the state, and patience."""
        while (timer := self._visit.timer) is not None and self._clock.due(timer[0]):
            self._visit.timer = None
            self._fire(timer[1], True)
        if self._overlay in ("clean", "cleaning") and self._clock.due(self._uncovers):
            self._cover("")
        self._listen()
        self._look_again()
        record, patience = self._visit.record, self._visit.patience
        if record.revealed and self._clock.due(self._veils_at):
            record.revealed = ""
        patience.hurry(self._presence.pace)
        if self._overlay in ("", "away") and (self._overlay == "away") != self._hidden:
            self._cover("")
        if patience.over:
            self._cover("")
            self._fire("leave")
        elif patience.warning != (self._overlay == "still_there"):
            self._cover("still_there" if patience.warning else "")

    # --- what there is to see ---

    def scene(self) -> Scene:
        """What the face shows now."""
        state, record = self.state, self._visit.record
        chrome = self._show.chrome(state, record, self._visit.patience.left_s)
        if self._aside is not None and not self._overlay:
            chrome = self._aside.chrome(chrome)
        chrome = replace(
            chrome,
            look=self._look,
            languages=self._visit.languages,
            can_speak=self._visit.usual_voice is not None,
            headphones=self._headphones,
        )
        if self._overlay == "away":
            chrome = replace(chrome, title="", who="")
        seen = self._veil.over(self._view()) if self._look.companion else self._view()
        view, chrome = self._visit.told(seen, chrome)
        return Scene(self._number, view, chrome)

    def _view(self) -> View:
        match self._overlay:
            case "leave":
                return self._show.leave_question(self._visit.record, self._visit.can_save())
            case "still_there":
                return StillThere(self._visit.patience.left_s or 0)
            case "help":
                return self._show.help()
            case "away":
                return Away(self._visit.patience.left_s or 0)
            case "look":
                return LookChoice(self._look, self._page)
            case "clean":
                return CleanQuestion(round(self._visit.delays.cleaning_s))
            case "cleaning":
                left = math.ceil(self._clock.left(self._uncovers))
                return Cleaning(left, round(self._visit.delays.cleaning_s))
            case _ if self._aside is not None:
                return self._aside.view()
            case _:
                view = self._show.view(self.state, self._visit.record)
                return replace(view, dim=True) if isinstance(view, Idle) and self._dim else view
