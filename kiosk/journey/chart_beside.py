"""What follows from what beside a case: looking how far it is, putting right what was sent back, withdrawing it,
codes held before the scanner, and the notice to take home.

Transitions are tried in the order in which they are made; these are made before those of `chart`.
"""

from collections.abc import Mapping
from typing import Any

#: name → state; Any, because the library's own `itself` is untyped
States = Mapping[str, Any]


def connect(states: States) -> None:
    """Make the transitions between `states`, which are the chart's by name."""
    _finding(states)
    _one_case(states)
    _mending(states)
    _sending(states)
    _codes(states)
    _to_take_home(states)
    _tips(states)


def _finding(s: States) -> None:
    """Her cases: by card, by number."""
    s["home"].to(s["finding"], event="find_cases")
    s["matters"].to(s["finding"], event="find_cases")
    s["notice"].to(s["finding"], event="find_cases")
    s["finding"].to(s["own_card"], event="lay_card")
    s["finding"].to(s["case_number"], event="type_number")
    s["finding"].to(s["home"], event="back")
    s["finding"].to(s["idle"], event="leave")
    number = s["case_number"]
    number.to.itself(event="fill", internal=True)
    number.to(s["cases"], event="go_on", cond="number_typed")
    number.to.itself(event="go_on")
    number.to(s["finding"], event="back")
    number.to(s["goodbye"], event="leave")
    card = s["own_card"]
    card.to(s["cases"], event="card_read")
    card.to.itself(event="card_failed", internal=True)
    card.to.itself(event="try_again")
    card.to(s["finding"], event="back")
    card.to(s["goodbye"], event="leave")
    cases = s["cases"]
    for found in ("cases_found", "progress_found"):
        cases.to(s["standing"], event=found, cond="one_found")
        cases.to.itself(event=found, internal=True)
    cases.to.itself(event="ask_failed", internal=True)
    cases.to.itself(event="slow", internal=True)
    cases.to.itself(event="ask_late", internal=True)
    cases.to.itself(event="try_again")
    cases.to(s["standing"], event="choose_case")
    cases.to(s["case_number"], event="back", cond="by_number")
    cases.to(s["finding"], event="back")
    cases.to(s["goodbye"], event="leave")


def _one_case(s: States) -> None:
    """One case: how far it is, and what she can do about it. Changing anything takes her card."""
    case = s["standing"]
    case.to(s["cases"], event="back", cond="several_found")
    case.to(s["case_number"], event="back", cond="by_number")
    case.to(s["finding"], event="back")
    case.to(s["goodbye"], event="leave")
    case.to(s["own_card"], event="mend", cond="by_number")
    case.to(s["form"], event="mend", cond=["can_mend", "mends_fields"])
    case.to(s["capture"], event="mend", cond="can_mend")
    case.to.itself(event="mend", internal=True)
    case.to(s["own_card"], event="ask_withdraw", cond="by_number")
    case.to(s["withdraw"], event="ask_withdraw", cond="can_withdraw")
    case.to.itself(event="ask_withdraw", internal=True)
    s["withdraw"].to(s["sending"], event="go_on", cond="sure")
    s["withdraw"].to.itself(event="go_on")
    s["withdraw"].to(s["standing"], event="back")
    s["withdraw"].to(s["goodbye"], event="leave")


def _mending(s: States) -> None:
    """A correction walks through the case's own form, camera, review and signature, and only there."""
    s["form"].to(s["standing"], event="back", cond="mending")
    s["capture"].to(s["standing"], event="back", cond=["mends_pages_only", "!earlier_slot"])
    s["review"].to(s["form"], event="back", cond="mends_fields_only")
    s["review"].to.itself(event="go_to", cond="not_to_be_mended", internal=True)
    s["sign"].to(s["sending"], event="signed", cond="mending")


def _sending(s: States) -> None:
    """Durable first, then thanked."""
    sending = s["sending"]
    sending.to.itself(event="bound", internal=True)
    sending.to(s["not_sent"], event="bind_failed")
    sending.to(s["noted"], event="message_kept")
    sending.to(s["not_sent"], event="message_failed")
    s["not_sent"].to(sending, event="try_again")
    s["not_sent"].to(s["noted"], event="message_kept")  # given up as lost, and durable after all
    s["not_sent"].to(s["goodbye"], event="leave")
    noted = s["noted"]
    for printed in ("printed", "print_failed"):
        noted.to.itself(event=printed, internal=True)
    noted.to.itself(event="reprint", internal=True)
    s["done"].to.itself(event="reprint", internal=True)
    noted.to(s["goodbye"], event="go_on")
    noted.to(s["goodbye"], event="leave")


def _codes(s: States) -> None:
    """A poster opens its matter, a receipt its case; anything else is answered with a plain sentence."""
    idle, home, finding = s["idle"], s["home"], s["finding"]
    idle.to(s["notice"], event="code_scanned", cond=["in_service", "names_matter"])
    idle.to(s["case_number"], event="code_scanned", cond=["in_service", "names_case"])
    idle.to(home, event="code_scanned", cond="in_service")
    idle.to.itself(event="code_scanned", internal=True)
    for place in (home, finding):
        place.to(s["notice"], event="code_scanned", cond="names_matter")
        place.to(s["case_number"], event="code_scanned", cond="names_case")
        place.to.itself(event="code_scanned", internal=True)


def _to_take_home(s: States) -> None:
    """The notice on paper, or on her phone."""
    s["notice"].to(s["take_home"], event="take_home")
    away = s["take_home"]
    away.to.itself(event="print_notice", internal=True)
    for printed in ("printed", "print_failed"):
        away.to.itself(event=printed, internal=True)
    away.to(s["notice"], event="back")
    away.to(s["idle"], event="leave")
    s["evaluate"].to.itself(event="toggle_indicator", internal=True)


def _tips(s: States) -> None:
    """What else may concern her, if she asks; on to the evaluation, or away."""
    s["done"].to(s["tips"], event="show_tips")
    tips = s["tips"]
    for printed in ("printed", "print_failed"):
        tips.to.itself(event=printed, internal=True)
    tips.to(s["evaluate"], event="go_on")
    tips.to(s["goodbye"], event="skip")
    tips.to(s["goodbye"], event="leave")
