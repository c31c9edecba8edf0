"""What the screens of whoever looks after the terminal say: never a digit of what is typed."""

from kiosk.journey import views
from kiosk.speech.telling import Teller


def door(teller: Teller, view: views.TendingDoor) -> None:
    """What is asked, or why nobody enters."""
    teller.say(f"tending.door.sentence.{view.state}")
    if view.state == "waiting":
        teller.say("tending.door.wait", seconds=view.wait_s)
    elif view.state == "closed":
        teller.say("tending.door.unset")
    elif view.why:
        teller.say(f"tending.door.{view.why}")
    if view.state in ("open", "refused"):
        teller.say(f"tending.door.{view.field}")


def page(teller: Teller, view: views.TendingList) -> None:
    """The sentence, and the names of its lines."""
    if view.title:
        teller.tell(view.title)
    else:
        teller.say(f"tending.page.{view.page}.sentence")
    if view.page == "acts":
        teller.count_up([teller.words(f"tending.act.{line.key}.name") for line in view.lines])
    else:
        teller.tell(*(line.name for line in view.lines))


def refill(teller: Teller, view: views.Refilling) -> None:
    """What to do in this step."""
    teller.say(f"refill.{view.supply}.title")
    teller.say(f"refill.{view.supply}.{view.number}")
    if view.state == "asking":
        teller.tell(view.question)
    elif view.state != "do":
        teller.say(f"refill.{view.state}")


def test(teller: Teller, view: views.DeviceTest) -> None:
    """Which device, and what it told last."""
    teller.say("device_test.sentence", name=teller.words(f"trial.kind.{view.name}"))
    teller.tell(*view.told[-1:])
    if view.state == "asking":
        teller.tell(view.question)
    elif view.state == "error":
        teller.tell(view.hint)
    else:
        teller.say(f"device_test.now.{view.state}")


def touch(teller: Teller, view: views.TouchTest) -> None:
    """How many are left."""
    teller.say("touch_test.sentence", left=view.columns * view.rows - len(view.hit))


def proof(teller: Teller, view: views.VersionProof) -> None:
    """What the code is."""
    teller.say("version_proof.sentence")
    teller.say("version_proof.version", version=view.version)
    teller.say("version_proof.how")


def handover(teller: Teller, view: views.Handover) -> None:
    """It takes a moment."""
    teller.say("handover.taking")
    teller.say("handover.quiet")


def bundling(teller: Teller, view: views.Bundling) -> None:
    """What is done with the bundle now, or what came of it."""
    done = f"done_{view.to}" if view.state == "done" else view.state
    teller.say(f"bundling.sentence.{done}")
    if view.state == "working":
        teller.say(f"bundling.stage.{view.stage if view.stage != 'hand' else view.to}")
    elif view.state == "failed":
        teller.say(f"errors.{view.came_to.code}.hint")
    elif view.to == "stick":
        teller.say("bundling.pull_out")
