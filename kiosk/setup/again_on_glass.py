"""One act of setting up in the technician's screens: from its first step to what came of it. Implements `Adjusting`."""

from contextlib import suppress

from kiosk.journey import events as ev
from kiosk.journey.views import Chrome, View
from kiosk.setup.helper import Helper
from kiosk.setup.job import Start
from kiosk.setup.on_glass import SetupDirector
from kiosk.setup.views import SetupWork
from kiosk.setup.wizard import Wizard
from kiosk.tending.bench import Stopped
from kiosk.words import Words


class AgainDirector(SetupDirector):
    """Called from the main thread; its work is done where `start` says."""

    def __init__(self, wizard: Wizard, helper: Helper, words: Words, start: Start) -> None:
        super().__init__(wizard, helper, lambda _: words, start)
        self._on_list = self._done = False

    @property
    def busy(self) -> bool:
        """Whether a device works: nobody has to touch the glass meanwhile."""
        return self._worker is not None and not self._helper.question

    @property
    def version(self) -> str:
        """The number of the terminal.toml that came of it; "" when it was not changed."""
        found = (self._wizard.outcome(step.key) for step in self._wizard.steps)
        return next((one.figures["version"] for one in found if one and "version" in one.figures), "")

    def close(self) -> None:
        """Nobody answers any more. What a device is at ends on its own thread; it is not waited for."""
        self._helper.answer(False)

    def _act(self, event: ev.CitizenEvent) -> None:
        if self._done:
            self._over = isinstance(event, ev.Continue) or self._over
        else:
            super()._act(event)

    def _work(self) -> None:
        with suppress(Stopped):
            super()._work()

    def _before_first(self) -> None:
        self._over = True

    def _after_last(self) -> None:
        self._done = True

    def _chrome(self) -> Chrome:
        return Chrome(can_go_back=not self._done and self._worker is None, look=self._look, tended=True)

    def _view(self) -> View:
        if self._done:
            sentence, told = self._words("setup.adjusted.done"), self._helper.told
            return SetupWork(self._wizard.step.key, sentence, "", told, "done")
        return super()._view()
