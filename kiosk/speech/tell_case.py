"""What the screens say inside a case: questions, form, what is spared, what is promised, the hand-in."""

from kiosk.catalogue.model import Check
from kiosk.journey import views
from kiosk.speech.telling import Teller


def situation(teller: Teller, view: views.Situation) -> None:
    """The question and its answers."""
    teller.tell(view.question.text)
    if view.of > 1:
        teller.say("situation.which", number=view.number, of=view.of)
    teller.count_up([choice.label for choice in view.question.choices])
    labels = {choice.value: choice.label for choice in view.question.choices}
    if view.chosen and teller.private:
        teller.say("voice.chosen", names=labels.get(view.chosen, view.chosen))
    teller.say("situation.tip")


def earlier_cases(teller: Teller, view: views.EarlierCases) -> None:
    """Who asks for what, and that she may refuse."""
    if view.asking:
        teller.say("earlier.still_asking" if view.slow else "earlier.asking")
        teller.say("earlier.slow" if view.slow else "earlier.tip")
        teller.then("earlier.go_on")
        return
    teller.say("earlier.sentence")
    teller.say("earlier.who", matter=view.matter)
    teller.say("earlier.what")
    teller.say("earlier.why")
    teller.say("earlier.refuse_plain")
    teller.then("earlier.agree", "earlier.refuse")


def overview(teller: Teller, view: views.Overview) -> None:
    """What it saves her, how long it takes, where she must go herself."""
    items = sum(len(office.items) for stage in view.stages for office in stage.offices)
    offices = {office.department for stage in view.stages for office in stage.offices}
    teller.say("overview.sentence" if items > 1 else "overview.sentence_one")
    if items > 1:
        teller.say("overview.items", items=items, offices=len(offices))
    for one in view.saved:
        if one.after < one.before:
            teller.say(f"saved.{one.kind}", count=one.before - one.after)
    if view.promised_days:
        some = "overview.all_days_some" if view.unknown_days else "overview.all_days"
        teller.say(some, days=view.promised_days)
    if view.points:
        names = [item for point in view.points for item in point.items]
        teller.say("voice.value", label=teller.words("overview.points"), value=teller.named(names))
    if view.choices:
        names = [choice.name for choice in view.choices]
        teller.say("voice.value", label=teller.words("overview.choices"), value=teller.named(names))
    if view.earlier in ("nothing", "failed"):
        teller.say(f"overview.{view.earlier}")
    if view.found:
        teller.say("overview.found", count=view.found)
    teller.then("overview.go")


def promise(teller: Teller, view: views.PromiseText) -> None:
    """Whole: she signs it."""
    teller.say("promise.sentence")
    if view.of > 1:
        teller.say("promise.which", number=view.number, of=view.of)
    teller.tell(view.title)
    teller.say("promise.instead", names=teller.named(view.instead_of))
    teller.tell(*view.text.split("\n"))
    teller.say("promise.false_head")
    teller.tell(view.false_means)
    if view.ticked:
        teller.then("promise.agree", "promise.paper")
    else:
        teller.then("promise.tick", "promise.paper")


def form(teller: Teller, view: views.Form) -> None:
    """What is to be written; what she wrote is only said into her ear."""
    if view.number:
        question_alone(teller, view)
        return
    missing = [entry for entry in view.asked if entry.field.required and not entry.value]
    wrong = [entry for entry in view.asked if entry.problem] if view.show_problems else []
    state = "mend" if wrong else "fill" if missing else "ready"
    asks = "by_hand" if view.by_hand else "delivery" if view.delivery else "form"
    teller.say(f"{view.about or asks}.{state}")
    if view.known and not view.delivery:
        teller.say("form.known", count=len(view.known))
    for entry in wrong[:3]:
        problem = teller.words(entry.problem, label=entry.field.label, longest=entry.field.longest)
        teller.say("voice.value", label=entry.field.label, value=problem.rstrip("。."))
    if missing:
        teller.say("form.missing", count=len(missing))
        teller.say("voice.list", names=teller.named([entry.field.label for entry in missing]))
    if view.about in ("hardship", "callback"):
        teller.say(f"{view.about}.privacy")
    filled = [entry for entry in view.asked if entry.value]
    for entry in filled:
        teller.own(entry.field.label, _said(entry))
    if filled and not teller.private:
        teller.say("voice.on_screen.values")
    teller.then("action.next", *(("form.from.all_right",) if view.proposed else ()))


def question_alone(teller: Teller, view: views.Form) -> None:
    """Simple mode: which question it is, the question, what may be answered."""
    teller.say("form.question_of", number=view.number, of=view.of)
    for entry in view.asked:
        field = entry.field
        teller.tell(field.label, field.hint)
        if entry.problem and view.show_problems:
            teller.say(entry.problem, label=field.label, longest=field.longest)
        teller.count_up([choice.label for choice in field.choices])
        if entry.value:
            teller.own(field.label, _said(entry))
    if not teller.private and any(entry.value for entry in view.asked):
        teller.say("voice.on_screen.values")
    teller.then("form.next_question" if view.number < view.of else "action.next")


def _said(entry: views.FormEntry) -> str:
    """A choice by its label, not by its code."""
    labels = {choice.value: choice.label for choice in entry.field.choices}
    return labels.get(entry.value, entry.value) if entry.field.check is Check.CHOICE else entry.value


def review(teller: Teller, view: views.Review) -> None:
    """What is handed in; her own data only into her ear."""
    teller.say("review.check")
    teller.tell(view.matter)
    if view.items:
        teller.say("review.items", items=teller.named(view.items))
    if teller.private:
        for label, value in (*view.situations, *view.fields, *view.delivery):
            if value:
                teller.own(label, value)
        if view.acts_for:
            teller.own(teller.words("replaced.acts_for"), view.acts_for)
    else:
        teller.say("voice.on_screen.values")
    for material in view.materials:
        teller.say("voice.parts", name=material.name, count=len(material.pages))
    if view.replaced:
        label = teller.words("replaced.title")
        teller.say("voice.value", label=label, value=teller.named([name for name, _ in view.replaced]))
    teller.then("review.sign")


def sign(teller: Teller, view: views.SignView) -> None:
    """The sentence that is signed."""
    teller.say("sign.here")
    teller.say("sign.binding")
    teller.say("sign.statement", matter=view.matter, pages=view.pages)
    if view.promises:
        teller.say("replaced.sign", titles=teller.named(view.promises))
    if view.acts_for and teller.private:
        teller.say("replaced.for_other", name=view.acts_for)
    elif view.acts_for:
        teller.say("voice.on_screen.signing")
    teller.then("sign.done", "sign.again")


def handing_in(teller: Teller, view: views.HandingIn) -> None:
    """That she waits, and then that it is safe."""
    teller.say("handing_in.wait")
    teller.say("handing_in.safe" if view.stage == "saved" else "handing_in.stay")


def not_saved(teller: Teller, view: views.NotSaved) -> None:
    """That nothing was handed in."""
    teller.say("not_saved.sentence")
    teller.trouble(view.code)
    teller.say("not_saved.what_now")
    teller.then("not_saved.again", "leave_question.leave")


def done(teller: Teller, view: views.Done) -> None:
    """What she holds in her hand now. A number alone tells nobody who she is."""
    state = "received" if view.received else "stored"
    teller.say(f"done.{state}.title")
    teller.say(f"done.do.{view.receipt}")
    teller.say("voice.number", number=view.number)
    teller.say(f"done.{state}.means", pages=view.pages)
    for one in view.saved:
        teller.say(f"saved.{one.kind}", count=one.before - one.after)
    if view.receipt == "failed":
        teller.say("done.receipt.failed")
        teller.trouble(view.receipt_trouble)
    if view.next_steps:
        teller.say("done.next")
        teller.tell(*view.next_steps)
    teller.then("done.rate", *(("done.tips",) if view.tips else ()), "evaluate.skip")


def evaluate(teller: Teller, view: views.Evaluate) -> None:
    """The five levels in the nation's words; what she chose is hers."""
    teller.say("evaluate.ask")
    teller.say("evaluate.free")
    if view.level is None:
        names = [teller.words(f"evaluation.level.{level}") for level in (5, 4, 3, 2, 1)]
        teller.count_up(names)
        if view.keypad:
            teller.say("evaluate.keypad")
        teller.then("evaluate.skip")
        return
    if teller.private:
        teller.say("voice.chosen", names=teller.words(f"evaluation.level.{view.level.value}"))
    if view.reasons:
        teller.say("evaluate.why")
        teller.count_up([reason.text for reason in view.reasons])
    teller.then("evaluate.send", *(("evaluate.report",) if view.offer_report else ()))


def goodbye(teller: Teller, view: views.Goodbye) -> None:
    """What to take along."""
    teller.say(f"goodbye.{view.thanks}")
    teller.say("goodbye.take.title" if view.lying else "goodbye.take.nothing")
    teller.tell(teller.named([teller.words(f"goodbye.take.{thing}") for thing in view.lying]))
    if view.draft:
        teller.say(f"draft.{view.draft}", days=view.draft_days)
    teller.say("goodbye.wiped")


def tips(teller: Teller, view: views.Tips) -> None:
    """What else may concern her: why it does goes by her card, and is only said into her ear."""
    teller.say("tips.sentence" if view.tips else "tips.none")
    for tip in view.tips:
        teller.tell(tip.name)
        if teller.private:
            teller.tell(tip.reason)
        teller.say("tips.here" if tip.complete else "tips.window")
    teller.then("tips.go")
