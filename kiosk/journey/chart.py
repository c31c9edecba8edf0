"""What follows from what; what lies beside a case is in `chart_beside`.

The chart knows no device, no clock and no screen; guards and actions are the model's.

docs/journeys.md is generated from it.
"""

from typing import Any

from statemachine import State, StateChart

from kiosk.journey import chart_beside
from kiosk.journey.onward import onward


class VisitChart(StateChart[Any]):
    """One visit, from the idle screen to the idle screen."""

    allow_event_without_transition = False  # an event that nobody expected is a bug, not noise
    catch_errors_as_events = False  # exceptions surface where they happen
    enable_self_transition_entries = False  # internal=True means what it says: the state is not entered again

    idle = State(initial=True)
    home = State()
    matters = State()
    notice = State()
    readiness = State()
    consent = State()
    card = State()
    by_hand = State()
    confirm = State()
    unfinished = State()
    situation = State()
    earlier = State()
    overview = State()
    promise = State()
    form = State()
    delivery = State()
    capture = State()
    phone = State()
    stick = State()
    check_page = State()
    review = State()
    sign = State()
    handing_in = State()
    not_saved = State()
    done = State()
    evaluate = State()
    goodbye = State()
    sorry = State()

    # --- beside a case: `chart_beside` says what leads to these and away from them ---
    take_home = State()
    finding = State()
    case_number = State()
    own_card = State()
    cases = State()
    standing = State()
    withdraw = State()
    sending = State()
    not_sent = State()
    noted = State()
    tips = State()
    chart_beside.connect(locals())  # first: where a correction goes another way, this way counts

    #: the states of a case in the order in which they follow each other, see `onward`
    _ahead = {
        "earlier": earlier,
        "overview": overview,
        "promise": promise,
        "form": form,
        "delivery": delivery,
        "capture": capture,
        "review": review,
    }

    # --- choosing ---
    start = idle.to(home, cond="in_service") | idle.to.itself(internal=True)
    apologise = idle.to(sorry)
    search = home.to(matters) | matters.to.itself()
    show_all = home.to(matters) | matters.to.itself()
    choose_matter = home.to(notice) | matters.to(notice)
    tick = readiness.to.itself(internal=True)

    # --- who ---
    card_read = card.to(confirm)
    card_failed = card.to.itself(internal=True)
    try_again = card.to.itself() | capture.to.itself() | phone.to.itself() | not_saved.to(handing_in)

    # it may be found while she already looks at the first question
    kept_found = (
        confirm.to.itself(internal=True)
        | situation.to(unfinished, cond="nothing_told")
        | situation.to.itself(internal=True)
        | form.to(unfinished, cond="nothing_told")
        | form.to.itself(internal=True)
    )
    start_over = unfinished.to(situation, cond="more_questions") | onward(unfinished, _ahead)

    enter_by_hand = card.to(by_hand, cond="by_hand_allowed") | card.to.itself(internal=True)

    # --- what ---
    answer = situation.to.itself(cond="more_questions") | onward(situation, _ahead)
    fill = (
        form.to.itself(internal=True) | by_hand.to.itself(internal=True) | delivery.to.itself(internal=True)
    )
    all_right = form.to.itself(internal=True)

    # --- put together, spared, promised ---
    refuse = onward(earlier, _ahead, "overview")
    earlier_found = onward(earlier, _ahead, "overview")
    earlier_failed = onward(earlier, _ahead, "overview")
    earlier_late = onward(earlier, _ahead, "overview")
    slow = earlier.to.itself(internal=True) | phone.to.itself(internal=True)  # of `cases`: `chart_beside`
    choose_proof = overview.to.itself(internal=True)
    tick_promise = promise.to.itself(internal=True)
    rather_paper = onward(promise, _ahead, "promise")

    # --- materials ---
    sheet_seen = capture.to.itself(internal=True)
    sheet_ready = capture.to.itself(internal=True)
    camera_failed = capture.to.itself(internal=True)
    take_picture = capture.to.itself(internal=True)
    page_taken = (
        capture.to(check_page)
        | phone.to(check_page)
        | stick.to(check_page)
        | check_page.to.itself(internal=True)  # it waits until she has looked at this one
    )
    scan = capture.to.itself(internal=True)
    pages_scanned = (
        capture.to.itself(internal=True)
        | phone.to.itself(internal=True)
        | stick.to.itself(internal=True)
        | check_page.to.itself(internal=True)
    )
    page_failed = (
        capture.to.itself(internal=True)
        | phone.to.itself(internal=True)
        | stick.to.itself(internal=True)
        | check_page.to.itself(internal=True)
    )
    retake = (
        check_page.to.itself(cond="more_arrived")
        | check_page.to(phone, cond="by_phone")
        | check_page.to(stick, cond="by_stick")
        | check_page.to(capture)
    )
    delete_page = capture.to.itself()

    # --- her phone, her stick ---
    use_phone = capture.to(phone, cond="phone_offered") | capture.to.itself(internal=True)
    phone_ready = phone.to.itself(internal=True) | check_page.to.itself(internal=True)
    phone_opened = phone.to.itself(internal=True) | check_page.to.itself(internal=True)
    phone_arrived = phone.to.itself(internal=True) | check_page.to.itself(internal=True)
    phone_over = phone.to.itself(internal=True) | check_page.to.itself(internal=True)
    use_stick = capture.to(stick, cond="stick_offered") | capture.to.itself(internal=True)
    stick_seen = stick.to.itself(internal=True) | check_page.to.itself(internal=True)
    file_pictured = stick.to.itself(internal=True) | check_page.to.itself(internal=True)
    choose_file = stick.to.itself(internal=True)

    # --- the main action and the way back ---
    go_on = (
        notice.to(readiness, cond="can_be_done")
        | notice.to.itself(internal=True)
        | readiness.to(consent)
        | consent.to(card)
        | by_hand.to.itself(cond="another_question")
        | by_hand.to(confirm, cond="typed_well")
        | by_hand.to.itself()
        | confirm.to(unfinished, cond="visit_kept")
        | confirm.to(situation, cond="more_questions")
        | onward(confirm, _ahead)
        | unfinished.to(situation, cond="unanswered")
        | onward(unfinished, _ahead)
        | situation.to.itself(internal=True, cond="!answered")
        | situation.to.itself(cond="more_questions")
        | onward(situation, _ahead)
        | earlier.to.itself(internal=True)
        | onward(overview, _ahead, "promise")
        | promise.to.itself(internal=True, cond="!promise_ticked")
        | onward(promise, _ahead, "promise")
        | form.to.itself(cond="another_question")
        | onward(form, _ahead, "form")
        | delivery.to.itself(cond="another_question")
        | onward(delivery, _ahead, "delivery")
        | check_page.to.itself(cond="more_arrived")
        | check_page.to(phone, cond="by_phone")
        | check_page.to(stick, cond="by_stick")
        | check_page.to(capture, cond="pages_wanted")
        | check_page.to(review)
        | phone.to.itself(internal=True, cond="!slot_enough")
        | phone.to(capture, cond="pages_wanted")
        | phone.to(review)
        | stick.to.itself(internal=True, cond="!slot_enough")
        | stick.to(capture, cond="pages_wanted")
        | stick.to(review)
        | capture.to.itself(cond="pages_wanted")
        | capture.to(review)
        | review.to(form, cond="form_open")  # what was read from her papers since waits for her word
        | review.to(sign)
        | done.to(evaluate)
        | evaluate.to(goodbye)
        | goodbye.to(idle)
        | sorry.to(idle)
    )
    back = (
        matters.to(home)
        | notice.to(matters, cond="from_list")
        | notice.to(home)
        | readiness.to(notice)
        | consent.to(readiness)
        | card.to(consent)
        | by_hand.to.itself(cond="earlier_field")
        | by_hand.to(card)
        | confirm.to(by_hand, cond="typed")
        | confirm.to(card)
        | unfinished.to(confirm)
        | situation.to.itself(cond="earlier_question")
        | situation.to(confirm)
        | earlier.to(situation, cond="earlier_question")
        | earlier.to(confirm)
        | overview.to(situation, cond="earlier_question")
        | overview.to(confirm)
        | promise.to(overview)
        | form.to.itself(cond="earlier_field")
        | form.to(overview, cond="overview_told")
        | form.to(situation, cond="earlier_question")
        | form.to(confirm)
        | delivery.to.itself(cond="earlier_field")
        | delivery.to(form)
        | capture.to.itself(cond="earlier_slot")
        | capture.to(delivery, cond="delivery_asked")
        | capture.to(form)
        | phone.to(capture)
        | stick.to(capture)
        | check_page.to.itself(cond="more_arrived")
        | check_page.to(phone, cond="by_phone")
        | check_page.to(stick, cond="by_stick")
        | check_page.to(capture)
        | review.to(capture, cond="any_slots")
        | review.to(delivery, cond="delivery_asked")
        | review.to(form)
        | sign.to(review)
    )
    go_to = (
        review.to(situation, cond="to_situation")
        | review.to(overview, cond="to_overview")
        | review.to(form, cond="to_form")
        | review.to(delivery, cond="to_delivery")
        | review.to(capture)
    )

    # --- hand in ---
    bound = sign.to.itself(internal=True) | handing_in.to.itself(internal=True)
    bind_failed = sign.to.itself(internal=True) | handing_in.to(not_saved)
    signed = sign.to(handing_in)
    sealed = handing_in.to.itself(internal=True) | not_saved.to(handing_in)
    seal_failed = handing_in.to(not_saved)
    delivered = handing_in.to(done)
    delivery_late = handing_in.to(done)
    # the slip may come out while she rates, or while she leaves
    printed = (
        done.to.itself(internal=True) | evaluate.to.itself(internal=True) | goodbye.to.itself(internal=True)
    )
    print_failed = (
        done.to.itself(internal=True) | evaluate.to.itself(internal=True) | goodbye.to.itself(internal=True)
    )

    # what she wants to go on with another time is durable, or is not, while she leaves
    draft_saved = goodbye.to.itself(internal=True)
    draft_failed = goodbye.to.itself(internal=True)

    # --- evaluation ---
    rate = evaluate.to.itself(internal=True)
    toggle_reason = evaluate.to.itself(internal=True)
    skip = evaluate.to(goodbye) | done.to(goodbye)
    pressed = evaluate.to(goodbye)

    # --- the end, from everywhere ---
    leave = (
        home.to(idle)
        | matters.to(idle)
        | notice.to(idle)
        | readiness.to(goodbye)
        | consent.to(goodbye)
        | card.to(goodbye)
        | by_hand.to(goodbye)
        | confirm.to(goodbye)
        | unfinished.to(goodbye)
        | situation.to(goodbye)
        | earlier.to(goodbye)
        | overview.to(goodbye)
        | promise.to(goodbye)
        | form.to(goodbye)
        | delivery.to(goodbye)
        | capture.to(goodbye)
        | phone.to(goodbye)
        | stick.to(goodbye)
        | check_page.to(goodbye)
        | review.to(goodbye)
        | sign.to(goodbye)
        | not_saved.to(goodbye)
        | done.to(goodbye)
        | evaluate.to(goodbye)
    )
    finish = goodbye.to(idle) | sorry.to(idle)
