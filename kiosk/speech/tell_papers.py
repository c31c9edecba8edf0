"""What the screens say while papers come in: camera, her phone, her stick, the page just taken."""

from typing import Final

from kiosk.capture.judge import Verdict
from kiosk.journey import views
from kiosk.speech.telling import Teller

#: verdicts whose advice is another one for a page that was taken elsewhere
_ELSEWHERE: Final = ("dark", "no_sheet")
_VERDICTS: Final = frozenset(verdict.value for verdict in Verdict)


def capture(teller: Teller, view: views.Capture) -> None:
    """What to lay where, and what the camera sees: the last part changes most, and is said alone when it does."""
    material, kept = view.material, len(view.taken)
    full = kept >= view.max_pages
    key = "capture.full" if view.enough and full else "capture.enough" if view.enough else "capture.lay"
    teller.say(key, name=material.name, page=view.page)
    if view.number and view.of > 1:
        teller.say("capture.which", number=view.number, of=view.of)
    if not kept:
        teller.tell(material.hint)
    if view.trouble in _VERDICTS:
        _verdict(teller, view.trouble, brought=False)
    else:
        teller.trouble(view.trouble)
    if kept:
        teller.say("voice.pages", count=kept)
    if view.taking:
        teller.say("capture.sight.taking")
    elif not view.trouble:
        teller.say(f"capture.sight.{view.sheet}")
    if view.enough:
        teller.then("capture.done", "capture.again")


def phone(teller: Teller, view: views.Phone) -> None:
    """What to do with the phone, and what came from it."""
    no_link = view.state == "over" and view.trouble.startswith("U")
    if no_link:
        teller.say("phone.no_link")
    elif view.kept >= view.max_pages:
        teller.say("phone.full")
    elif view.slow:
        teller.say("phone.slow")
    elif view.state in ("asking", "over"):
        teller.say(f"phone.{view.state}")
    elif view.trouble:
        teller.say("phone.again")
        teller.trouble(view.trouble)
    elif view.arrived or view.state == "opened":
        teller.say("phone.arrived" if view.arrived else "phone.opened")
    else:
        teller.say("phone.scan", name=view.material.name)
        for step in ("one", "two", "three"):
            teller.say(f"phone.step.{step}")
    teller.say("phone.which", kept=view.kept, most=view.max_pages)
    if view.arrived:
        teller.say("phone.state.working" if view.working else "phone.state.arrived", count=view.arrived)
    if view.enough:
        teller.then("phone.done")
    elif view.state == "over":
        teller.then("capture.try_again" if no_link else "phone.new_code")


def stick(teller: Teller, view: views.Stick) -> None:
    """How many files there are; their names are hers."""
    of_files = "full" if view.kept >= view.max_pages else "choose" if view.files else "none"
    key = {"looking": "looking", "out": "out"}.get(view.state, of_files)
    teller.say(f"stick.{key}", name=view.material.name)
    if view.trouble:
        teller.trouble(view.trouble)
    elif view.working:
        teller.say("stick.working")
    if key == "choose":
        if teller.private:
            teller.count_up([_file(teller, file) for file in view.files])
        else:
            teller.say("voice.on_screen.file")
    teller.say("stick.which", kept=view.kept, most=view.max_pages)
    if view.enough:
        teller.then("stick.done")


def _file(teller: Teller, file: views.FileCard) -> str:
    if file.code:
        return teller.words("stick.useless")
    return teller.words("stick.pdf" if file.pdf else "stick.picture", name=file.name)


def check_page(teller: Teller, view: views.CheckPage) -> None:
    """The verdict, why, and what to do."""
    doubtful = bool(view.verdicts or view.warnings)
    teller.say("check_page.doubt" if doubtful else "check_page.look")
    teller.say("check_page.page", name=view.material.name, page=view.page)
    if not doubtful:
        teller.say("check_page.fine")
    if view.goes_to:
        teller.say("ocr.belongs", name=view.goes_to)
    for warning in view.warnings:
        teller.say(f"ocr.warning.{warning}")
    for verdict in view.verdicts:
        _verdict(teller, verdict, brought=view.brought)
    if doubtful:
        teller.then("check_page.retake", "check_page.keep_anyway")
    else:
        teller.then("check_page.keep", "check_page.retake")


def _verdict(teller: Teller, verdict: str, *, brought: bool) -> None:
    teller.say(f"verdict.{verdict}.said")
    teller.say(f"verdict.{verdict}.{'do_brought' if brought and verdict in _ELSEWHERE else 'do'}")
