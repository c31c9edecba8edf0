"""A journey beside which the terminal is looked after: only while nobody is here, and no visit begins meanwhile."""

from dataclasses import replace

from ground.clock import Clock
from kiosk.journey import events as ev
from kiosk.journey.journey import Journey
from kiosk.journey.show import Show
from kiosk.journey.views import Chrome, Scene
from kiosk.journey.visit import Visit
from kiosk.tending import events as te
from kiosk.tending.adjusting import Done
from kiosk.tending.tending import Tending
from kiosk.words import Words


class TendedJourney(Journey):
    """What the conductor drives on a terminal."""

    def __init__(
        self,
        visit: Visit,
        show: Show,
        clock: Clock,
        tending: Tending,
        words: Words,
    ) -> None:
        super().__init__(visit, show, clock)
        self._tending, self._words = tending, words
        self._started: ev.Event | None = None  #: a touch that would begin a visit, while a sign may be given
        self._beside = 0  #: numbers of scenes that tending made

    @property
    def occupied(self) -> bool:
        """Whether somebody looks after the terminal."""
        return self._tending.open

    def handle(self, event: ev.Event) -> None:
        """As `Journey.handle`. While somebody is in, nothing else happens."""
        if isinstance(event, te.TendingAnswer):
            self._tending.hear(event)
            self._beside += 1
        elif isinstance(event, te.Knock):
            self._knock(event)
        elif self._tending.open:
            self._act(event)
        elif isinstance(event, ev.Start) and self._tending.knocking:
            self._started = event
        else:
            if isinstance(event, ev.AskClean):
                self._started = None
            super().handle(event)

    def tick(self) -> None:
        """As `Journey.tick`."""
        before = self._tending.open, self._tending.adjusting
        self._tending.tick()
        self._beside += before != (self._tending.open, self._tending.adjusting)
        if self._tending.knock_given_up() and self._started is not None:
            started, self._started = self._started, None
            super().handle(started)
        super().tick()

    def cut_short(self) -> None:
        """As `Journey.cut_short`; whoever is in is let out first."""
        self._tending.close("power")
        super().cut_short()

    def scene(self) -> Scene:
        """As `Journey.scene`."""
        scene = super().scene()
        if self._tending.open:
            left = self._tending.left_s
            chrome = Chrome(
                title=self._words("tending.title"),
                who=self._who(),
                tended=True,
                patience_left_s=left,
                can_go_back=self._tending.can_go_back,
                look=scene.chrome.look,
                languages=scene.chrome.languages,
                can_speak=False,
            )
            scene = Scene(0, self._tending.view(), chrome)
        number = super().scene().number + self._beside
        return replace(scene, number=number)

    def _who(self) -> str:
        tender = self._tending.tender
        return "" if tender is None else self._words(f"tending.role.{tender.role}", person=tender.person)

    def _knock(self, event: te.Knock) -> None:
        if self.state != "idle" or self._overlay or self._tending.open:
            return
        if self._tending.knock(event.corner):
            self._started = None
            self._beside += 1

    def _act(self, event: ev.Event) -> None:
        if isinstance(event, ev.Touched):
            self._tending.touched()
        elif isinstance(event, ev.Back):
            self._tending.back()
            self._beside += 1
        elif isinstance(event, ev.PresenceSeen):
            super().handle(event)
        elif self._tending.adjusting and isinstance(event, Done):
            before = self._tending.adjusting
            self._tending.adjust(event)
            self._beside += before != self._tending.adjusting
        elif isinstance(event, te.TendingEvent):
            self._tending.act(event)
            self._beside += not isinstance(event, te.Digit | te.Dot)
