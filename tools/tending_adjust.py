"""Single acts of setting up from the technician's glass: what they show, and the engine with the real workshop."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from config.history import History
from config.load import ConfigError, load_config
from ground.clock import Clock
from kiosk.journey.surroundings import CHINA
from kiosk.setup.again import offered, wizard_for
from kiosk.setup.again_on_glass import AgainDirector
from kiosk.setup.draft import Premises
from kiosk.setup.helper import Helper
from kiosk.setup.job import Start
from kiosk.tending.events import Line
from kiosk.tending.roles import Role
from kiosk.words import Words
from tools.setup.shop import RealShop
from tools.stoppable import StoppableClock
from tools.where import SHIPPED


class AdjustBench:
    """Lives on the bench's thread. Reads terminal.toml anew each time: an act may have changed it."""

    def __init__(self, config_file: Path, words: Words, clock: Clock) -> None:
        self._file, self._words, self._clock = config_file, words, clock

    def lines(self) -> Iterator[Line]:
        """What may be done again, and how it is now. Raises `ConfigError`."""
        config = load_config(self._file, env=os.environ)
        now: dict[str, str] = {
            "sound": self._words("adjust.now.sound", volume=config.voice.volume),
            "margins": self._words(
                "adjust.now.margins", right=config.paper.shift_right_mm, down=config.paper.shift_down_mm
            ),
        }
        for act in offered(config, self._file):
            note = self._before() if act == "rollback" else now.get(act, "")
            yield Line(act, self._words(f"adjust.act.{act}"), note or self._words(f"adjust.now.{act}"))

    def begin(
        self, act: str, person: str, role: Role, start: Start, stopped: Callable[[], bool]
    ) -> AgainDirector | str:
        """The act, at its beginning; a code where it cannot begin."""
        helper = Helper()
        try:
            config = load_config(self._file, env=os.environ)
            premises = Premises(self._file, SHIPPED, config.storage.data_folder / "setup", os.environ)
            shop = RealShop(self._words, StoppableClock(self._clock, stopped), network=False)
            wizard = wizard_for(
                act, config, premises, shop, helper, self._words, self._clock.now, f"{role} {person}"
            )
        except ConfigError as error:
            return error.code
        return AgainDirector(wizard, helper, self._words, start)

    def _before(self) -> str:
        """Which version is in force, since when, and by whom."""
        version = History(self._file).versions()[-1]
        at = f"{version.at.astimezone(CHINA):%Y-%m-%d %H:%M}"
        return self._words("adjust.now.rollback", number=version.number, at=at, who=version.who)
