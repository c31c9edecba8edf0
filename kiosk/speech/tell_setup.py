"""What the screens of setting up say, for whoever sets up by ear."""

from kiosk.journey.views import SetupForm
from kiosk.setup.views import SetupList, SetupTouch, SetupWork
from kiosk.speech.telling import Teller


def steps(teller: Teller, view: SetupList) -> None:
    """How far it is."""
    teller.say(f"setup.list.{view.state}")


def form(teller: Teller, view: SetupForm) -> None:
    """What is asked."""
    teller.tell(view.sentence)


def work(teller: Teller, view: SetupWork) -> None:
    """What to do, or what is asked; what went wrong."""
    if view.state == "working":
        teller.say("wait.setup.plain")
    else:
        teller.tell(view.question if view.state == "asking" else view.sentence)
    if view.state == "failed" and view.told:
        teller.tell(view.told[-1])


def touch(teller: Teller, view: SetupTouch) -> None:
    """Where to touch."""
    teller.say("setup.touch_point", number=view.number, of=view.of)
