"""What the screens say from the idle screen to the card: choosing a matter, what it takes, who she is."""

from kiosk.journey import views
from kiosk.journey.greeting import greeting
from kiosk.speech.telling import Teller, digits


def idle(teller: Teller, view: views.Idle) -> None:
    """What this is, and how it begins."""
    teller.say("idle.start")
    teller.say("idle.promise")
    for step in ("first", "second", "third"):
        teller.say(f"idle.{step}")
    for limit in view.limits:
        teller.say(f"limits.{limit}.cannot")
        teller.say(f"limits.{limit}.still")


def out_of_service(teller: Teller, view: views.OutOfService) -> None:
    """What is wrong, and where else she can go."""
    teller.say("out_of_service.sentence")
    teller.say(f"out_of_service.fault.{view.reason}")
    teller.say(f"out_of_service.kept.{view.reason}")
    if view.hours:
        teller.say("out_of_service.window", hours=view.hours)
    for phone in dict.fromkeys((view.phone, view.hotline)):
        if phone:
            teller.say("voice.phone", phone=phone)
    teller.say("nearby.title" if view.nearby else "nearby.none")
    teller.tell(*(f"{one.name}{teller.words('voice.pause')}{one.address}" for one in view.nearby))


def clean_question(teller: Teller, view: views.CleanQuestion) -> None:
    """For who looks after the zone."""
    teller.say("cleaning.question")
    teller.say("cleaning.question_plain", seconds=view.seconds)
    teller.then("cleaning.start", "cleaning.cancel")


def cleaning(teller: Teller, view: views.Cleaning) -> None:
    """Once; the seconds are seen."""
    teller.say("cleaning.sentence")
    teller.say("cleaning.plain")


def home(teller: Teller, view: views.Home) -> None:
    """The greeting, what people often do, and the other ways."""
    if view.tip:
        teller.say(view.tip)
    teller.say(f"home.greeting.{greeting(view.at)}")
    teller.say("voice.choose")
    teller.count_up([card.short_name for card in view.popular])
    ways = [teller.words(key) for key in ("home.search_word", "home.progress", "home.hardship")]
    teller.say("voice.ways", names=teller.words("list.comma").join(ways))


def matters(teller: Teller, view: views.Matters) -> None:
    """What was found."""
    if view.query and not view.cards:
        teller.say("matters.nothing", query=view.query)
        return
    teller.say("matters.sentence")
    if view.query:
        teller.say("matters.found", count=len(view.cards))
    else:
        teller.say("matters.all", total=view.total)
    teller.count_up([card.short_name for card in view.cards])


def notice(teller: Teller, view: views.Notice) -> None:
    """The short of it; the long of it is on the screen and can be taken home."""
    usable = view.complete and not view.blocked
    teller.say("notice.sentence" if usable else "notice.window_sentence")
    teller.tell(view.name)
    if not usable:
        teller.say(f"service.{view.blocked}.said" if view.blocked else "notice.window")
        ways = [teller.words(f"notice.{key}") for key in ("take_home", "progress", "callback", "hardship")]
        teller.say("voice.ways", names=teller.words("list.comma").join(ways))
        return
    if view.minutes:
        teller.say("notice.minutes", minutes=view.minutes)
    teller.tell(view.what)
    for head in ("who_for", "how_long", "fee"):
        fact: str = getattr(view, head)
        if fact:
            teller.say("voice.value", label=teller.words(f"notice.{head}"), value=fact.rstrip("。."))
    if view.sample:
        teller.say("voice.sample")
    teller.then("notice.go", "notice.take_home")


def readiness(teller: Teller, view: views.Readiness) -> None:
    """What everybody brings, and what some bring."""
    teller.say("readiness.sentence")
    everybody = teller.named([card.name for card in view.always])
    if everybody:
        teller.say("voice.value", label=teller.words("readiness.always"), value=everybody)
    for situation, cards in view.depends[:3]:
        label = teller.words("readiness.if", situation=situation)
        teller.say("voice.value", label=label, value=teller.named([card.name for card in cards]))
    teller.say("readiness.tip")
    teller.then("readiness.go")


def consent(teller: Teller, view: views.Consent) -> None:
    """Whole: she agrees to it."""
    teller.say("consent.sentence")
    teller.say("consent.purpose", matter=view.matter)
    for head in ("items", "kept"):
        teller.say(f"consent.{head}_head")
        teller.say(f"consent.{head}")
    if view.cut_days:
        teller.say("consent.cut", days=view.cut_days)
    teller.say("consent.refuse_head")
    teller.say("consent.refuse")
    teller.then("consent.agree")


def place_card(teller: Teller, view: views.PlaceCard) -> None:
    """Where the card goes, or why it could not be read."""
    hers = view.trouble.startswith("condition.card") or view.trouble.startswith("condition.not")
    teller.trouble(view.trouble)
    if view.trouble and not hers:
        teller.say("place_card.broken")
        teller.then("place_card.again", *(("place_card.by_hand",) if view.by_hand else ()))
        return
    teller.say("place_card.sentence")
    teller.say("place_card.where")
    teller.say(f"place_card.{view.purpose}" if view.purpose else "place_card.tip")


def confirm_identity(teller: Teller, view: views.ConfirmIdentity) -> None:
    """Her name and number are only said into her ear."""
    teller.say("confirm_identity.sentence")
    teller.own(teller.words("confirm_identity.name"), view.name)
    teller.own(teller.words(f"confirm_identity.kind.{view.kind}"), view.number)
    if not teller.private:
        teller.say("voice.on_screen.identity")
    if view.typed:
        teller.say("confirm_identity.typed")
    if teller.private:
        for doubt in view.doubts:
            teller.say(f"identity.doubt.{doubt}")
    elif view.doubts:
        teller.say("voice.on_screen.notes")
    teller.then("confirm_identity.yes", "confirm_identity.no")


def unfinished(teller: Teller, view: views.Unfinished) -> None:
    """What is still there of the last time."""
    teller.say("unfinished.sentence")
    teller.say("draft.interrupted" if view.saved else "unfinished.interrupted")
    at = view.at
    teller.say("unfinished.at", month=at.month, day=at.day, time=f"{at:%H:%M}")
    teller.say("unfinished.filled")
    if view.pages:
        teller.say("unfinished.pages", pages=view.pages)
    teller.then("unfinished.go_on", "unfinished.start_over")


def leave_question(teller: Teller, view: views.LeaveQuestion) -> None:
    """What leaving means."""
    teller.say("leave_question.sentence")
    teller.say(f"leave_question.{view.means}")
    if view.can_save:
        teller.say("draft.consent", days=view.draft_days)
    saving = ("draft.save",) if view.can_save else ()
    teller.then("leave_question.stay", *saving, "leave_question.leave")


#: of the countdown, these are said; between them it is quiet
_SAID_SECONDS = (30, 20, 10, 5)


def still_there(teller: Teller, view: views.StillThere) -> None:
    """The countdown, at its round numbers: a number each second would drown the question."""
    teller.say("still_there.sentence")
    teller.say("still_there.plain")
    teller.then("still_there.stay")
    passed = [seconds for seconds in _SAID_SECONDS if view.seconds <= seconds]
    if passed:
        teller.say("voice.left", seconds=passed[-1])


def away(teller: Teller, view: views.Away) -> None:
    """Nobody stands here; whoever hears it from the next chair knows what the cover is for."""
    teller.say("away.sentence")
    teller.say("away.plain")


def help_(teller: Teller, view: views.Help) -> None:
    """Who helps, and their numbers."""
    teller.say("help.sentence")
    teller.say("help.plain")
    teller.tell(view.place, view.hours)
    for phone in dict.fromkeys((view.phone, view.hotline)):
        if phone:
            teller.say("voice.phone", phone=phone)
    teller.then("help.back", "help.callback", "help.hardship")


def look_choice(teller: Teller, view: views.LookChoice) -> None:
    """What can be chosen; each change is seen at once."""
    teller.say("look.sentence")
    teller.say("look.plain")
    heads = ("look.size_title", "look.colours_title", "look.hear_title")
    teller.say("voice.ways", names=teller.words("list.comma").join(teller.words(key) for key in heads))
    teller.then("look.done")


def sorry(teller: Teller, view: views.Sorry) -> None:
    """That it is no fault of hers."""
    teller.say("sorry.sentence")
    teller.say("sorry.plain")
    teller.say("sorry.safe_head")
    teller.say("sorry.safe")
    teller.say("sorry.reference_head")
    teller.tell(digits(view.reference))
    teller.then("sorry.again")
