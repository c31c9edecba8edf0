"""What the screens say beside a case: how far it is, taking it back, reports, the notice to take home."""

from typing import Final

from kiosk.journey import views
from kiosk.speech.telling import Teller

_STATES: Final = ("received", "accepted", "waiting", "correction", "finished", "declined", "withdrawn")
_TOLD: Final = ("offline", "slow", "late", "waits")  #: reasons that have a sentence of their own


def finding(teller: Teller, view: views.Finding) -> None:
    """The ways to find a case."""
    teller.say("finding.sentence")
    if view.trouble:
        teller.say(view.trouble)
    if view.offline:
        teller.say("finding.offline")
    ways = ["card", "number", *(["scan"] if view.scanner or view.camera else [])]
    teller.count_up([teller.words(f"finding.{way}") for way in ways])


def cases(teller: Teller, view: views.Cases) -> None:
    """How many there are; which they are is only said into her ear."""
    if view.state == "asking" and view.code:
        teller.say("cases.still_asking")
        teller.say(f"cases.{view.code}")
        return
    teller.say(f"cases.{view.state}")
    if view.state == "list":
        teller.say("cases.count", count=len(view.cases))
        if teller.private:
            teller.count_up([f"{case.matter} {state(teller, case.state)}".strip() for case in view.cases])
        if any(case.correction for case in view.cases):
            teller.say("cases.to_mend")
    elif view.state == "asking":
        teller.say("cases.asking_note")
    elif view.state == "nothing":
        teller.say("cases.nothing_card" if view.by_card else "cases.nothing_number")
    else:
        teller.say(f"cases.{view.code}" if view.code in _TOLD else "cases.trouble")
        teller.then("cases.again")


def state(teller: Teller, name: str) -> str:
    """How a state is said; a newer platform's own stays unsaid."""
    return teller.words(f"standing.state.{name}") if name in _STATES else ""


def case_standing(teller: Teller, view: views.CaseStanding) -> None:
    """How far it is; what it is and what was wrong with it is only said into her ear."""
    asked = view.asked_again
    teller.say("standing.mend_sentence" if asked else "standing.sentence")
    teller.tell(state(teller, view.state))
    if teller.private:
        teller.tell(view.matter)
        teller.say("standing.number", number=view.number)
    for part in view.departments[:3]:
        said = state(teller, part.state)
        teller.say("voice.value", label=part.department, value=said or part.what)
    if not view.departments:
        teller.say("standing.nothing_yet")
    if asked is not None:
        teller.say("standing.mend_head", department=asked.department)
        if teller.private:
            teller.tell(asked.reason)
            teller.say("standing.mend_what", what=teller.named([*asked.fields, *asked.materials]))
        teller.say("standing.mend_note" if view.mendable else "standing.window")
    if not view.by_card and (view.can_withdraw or (asked is not None and view.mendable)):
        teller.say("standing.card_first_tip")
    if asked is not None and view.mendable:
        teller.then("standing.mend")


def withdraw(teller: Teller, view: views.Withdraw) -> None:
    """What taking it back means."""
    teller.say("withdraw.sentence_sure" if view.sure else "withdraw.sentence")
    if teller.private:
        teller.tell(view.matter)
        teller.say("standing.number", number=view.number)
    teller.say("withdraw.means_sure" if view.sure else "withdraw.means")
    teller.then("withdraw.sure" if view.sure else "withdraw.on", "action.back")


def noted(teller: Teller, view: views.Noted) -> None:
    """The number, and what follows."""
    if not view.number:
        teller.say("noted.lost")
        teller.trouble(view.trouble)
        teller.say("noted.lost_note")
    else:
        teller.say(f"noted.{view.kind}.title")
        teller.say("voice.number", number=view.number)
        teller.say(f"noted.{view.kind}.next")
        if view.offline:
            teller.say("noted.offline")
        teller.say(f"noted.receipt.{view.receipt}")
    for phone in dict.fromkeys((view.phone, view.hotline)):
        if phone:
            teller.say("voice.phone", phone=phone)
    if not view.number:
        teller.then("noted.again", *(("noted.back",) if view.goes_back else ()))
    else:
        teller.then("noted.back" if view.goes_back else "noted.end")


def notice_to_go(teller: Teller, view: views.NoticeToGo) -> None:
    """How it is taken home."""
    teller.say("take_home.sentence_paper" if view.paper else "take_home.sentence")
    teller.tell(view.name)
    teller.say("take_home.code_address" if view.online else "take_home.code_text")
    if view.printing == "printed":
        teller.say("take_home.printed_sheet" if view.paper == "sheet" else "take_home.printed_slip")
    elif view.printing:
        teller.say(f"take_home.{view.printing}")
    elif not view.paper:
        teller.say("take_home.no_paper")
    if view.paper and not view.printing:
        teller.then("take_home.print", "action.back")


def hardship(teller: Teller, view: views.Hardship) -> None:
    """What may have gone wrong."""
    teller.say("hardship.sentence")
    teller.say("hardship.quiet")
    teller.count_up([reason.text for reason in view.reasons])
    chosen = [reason.text for reason in view.reasons if reason.chosen]
    if chosen and teller.private:
        teller.say("voice.chosen", names=teller.named(chosen))
    teller.then("action.next")
