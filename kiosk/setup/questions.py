"""What each step asks, as it follows from what is known already."""

import json
from collections.abc import Mapping
from typing import Any, Final

from config.device_settings import names_of_kind
from config.languages import languages
from config.schema import Devices
from config.sentences import SHIPPED
from kiosk.setup import asked, doing, touch
from kiosk.setup.asked import Answers, Ask, AskKind
from kiosk.setup.doing import Bench
from kiosk.setup.held import Held
from kiosk.setup.workshop import Found

NONE: Final = "none"
KINDS: Final = tuple(Devices.model_fields)
#: every question that may be asked, but for the devices'
NAMES: Final = frozenset(
    {
        "language.first", "site.township", "site.name", "site.hours", "site.phone", "site.hotline",
        "terminal.name", "terminal.letters",
        "network.way", "network.interface", "network.address", "network.gateway", "network.apn", "network.ipv6",
        "network.address6", "network.gateway6", "network.dns", "network.proxy", "platform.url",
        "time.zone", "time.servers", "enrol.code", "touch.points",
        "margins.left", "margins.top", "margins.right", "margins.bottom", "sound.volume",
    }
)  # fmt: skip
#: kinds that are always asked for; others when they are found, or known
_USUAL: Final = ("id_card", "document_camera", "receipt_printer", "evaluator", "page_printer", "code_scanner")
_ZONES: Final = ("Asia/Shanghai", "Asia/Urumqi")
#: of local numbers, where a hall has one terminal only
_USUAL_LETTERS: Final = "T"


def language(held: Held, answers: Answers, bench: Bench) -> tuple[Ask, ...]:
    tags = tuple((tag, "") for tag in languages(SHIPPED))
    return (Ask(name="language.first", kind=AskKind.CHOICE, choices=tags, otherwise=tags[0][0]),)


def site(held: Held, answers: Answers, bench: Bench) -> tuple[Ask, ...]:
    towns = (("", ""), *((town, town) for town in bench.townships))
    return (
        Ask(name="site.township", kind=AskKind.CHOICE, choices=towns, required=False),
        Ask(name="site.name"),
        Ask(name="site.hours", required=False),
        Ask(name="site.phone", kind=AskKind.PHONE, check=asked.telephone, required=False, longest=20),
        Ask(name="site.hotline", kind=AskKind.PHONE, check=asked.telephone, otherwise="12345", longest=20),
        Ask(name="terminal.name"),
        Ask(
            name="terminal.letters", kind=AskKind.LETTERS, check=asked.letters,
            otherwise=_USUAL_LETTERS, longest=4,
        ),
    )  # fmt: skip


def network(held: Held, answers: Answers, bench: Bench) -> tuple[Ask, ...]:
    way = answers.get("network.way", "keep")
    ways = tuple((value, "") for value in ("keep", "dhcp", "static", "mobile"))
    listed = [Ask(name="network.way", kind=AskKind.CHOICE, choices=ways, otherwise="keep")]
    if way in ("dhcp", "static"):
        listed.append(_plain("network.interface", asked.interface, required=False))
    if way == "static":
        listed += _address("")
    if way == "mobile":
        listed.append(_plain("network.apn", asked.apn))
    if way != "keep":
        sixes = tuple((value, f"ipv6_{value}") for value in ("auto", "off", "static"))
        listed.append(Ask(name="network.ipv6", kind=AskKind.CHOICE, choices=sixes, otherwise="auto"))
        if answers.get("network.ipv6") == "static":
            listed += _address("6")
        listed.append(_plain("network.dns", asked.listed(asked.address), required=way == "static"))
    listed.append(_plain("network.proxy", asked.proxy, required=False))
    listed.append(_plain("platform.url", asked.web_address))
    return tuple(listed)


def _address(version: str) -> list[Ask]:
    number = 6 if version else 4
    return [
        _plain(f"network.address{version}", asked.network_of(number)),
        _plain(f"network.gateway{version}", asked.address_of(number), required=False),
    ]


def _plain(name: str, check: asked.Check, *, required: bool = True, otherwise: str = "") -> Ask:
    return Ask(
        name=name, kind=AskKind.LETTERS, check=check, required=required, otherwise=otherwise, longest=200
    )


def gateways_fit(answers: Answers) -> dict[str, str]:
    problems = {}
    for version in ("", "6"):
        problem = asked.gateway_problem(
            answers.get(f"network.address{version}", ""), answers.get(f"network.gateway{version}", "")
        )
        if problem:
            problems[f"network.gateway{version}"] = problem
    return problems


def time(held: Held, answers: Answers, bench: Bench) -> tuple[Ask, ...]:
    zones = tuple((zone, "") for zone in _ZONES)
    return (
        Ask(name="time.zone", kind=AskKind.CHOICE, choices=zones, otherwise=_ZONES[0]),
        _plain("time.servers", asked.listed(asked.host), required=False),
    )


def enrol(held: Held, answers: Answers, bench: Bench) -> tuple[Ask, ...]:
    """Who is enrolled already may leave it at that."""
    code = Ask(
        name="enrol.code", kind=AskKind.LETTERS, check=lambda text: asked.one_time_code(asked.code_in(text)[0]),
        required=not bench.enrolled, longest=260, secret=True,
    )  # fmt: skip
    return (code,)


def devices(held: Held, answers: Answers, bench: Bench) -> tuple[Ask, ...]:
    """What most terminals have, what was found and what is known already; an answers file may name any kind."""
    listed = []
    for kind in KINDS:
        found = [one for one in held.found if one.kind == kind]
        known, given = bench.fitted.get(kind), answers.get(f"devices.{kind}", "")
        if not (kind in _USUAL or found or known or given not in ("", NONE)):
            continue
        offers = [(written(one.settings), _label(one)) for one in found]
        for settings in (known, device_settings(given)):
            if settings and settings.get("url") and written(settings) not in {value for value, _ in offers}:
                offers.append((written(settings), f"{settings['driver']} {settings.get('url', '')}"))
        proposed = _proposed(found, known, device_settings(given))
        listed.append(
            Ask(
                name=f"devices.{kind}", kind=AskKind.CHOICE, choices=((NONE, ""), *offers), open=True,
                check=_driver_of(kind),
                otherwise=proposed, longest=2000,
            )
        )  # fmt: skip
    return tuple(listed)


def _proposed(found: list[Found], known: Mapping[str, Any] | None, given: Mapping[str, Any]) -> str:
    """What is configured; of what was found the surest, of the cloned cabinet's driver first."""
    if known:
        return written(known)
    like = [one for one in found if one.driver == given.get("driver")]
    sure = [*like, *(one for one in found if one.confidence != "possible")]
    return written(sure[0].settings) if sure else NONE


def _driver_of(kind: str) -> asked.Check:
    """Written by hand, `sdt /dev/serial/…`: a driver of this kind, and a place."""

    def check(text: str) -> str:
        told = device_settings(text)
        return "" if told.get("driver") in names_of_kind(kind) and told.get("url") else "W116"

    return check


def _label(one: Found) -> str:
    return " · ".join(filter(None, (one.label, one.driver, one.url)))


def touch_points(held: Held, answers: Answers, bench: Bench) -> tuple[Ask, ...]:
    return (Ask(name="touch.points", kind=AskKind.POINTS, check=_fits, required=False, longest=200),)


def _fits(text: str) -> str:
    try:
        touch.fit(touch.read(text))
    except touch.NotCalibrated:
        return "W118"
    return ""


def margins(held: Held, answers: Answers, bench: Bench) -> tuple[Ask, ...]:
    names = ("left", "top", "right", "bottom")
    one = asked.number(0, 40)
    return tuple(
        Ask(name=f"margins.{name}", kind=AskKind.DIGITS, check=one, otherwise="20", longest=5)
        for name in names
    )


def page_not_scaled(answers: Answers) -> dict[str, str]:
    """Both edges of a pair move together; when they do not, the printer fits the page to its paper."""
    for one, other in (("left", "right"), ("top", "bottom")):
        both = float(answers[f"margins.{one}"]) + float(answers[f"margins.{other}"])
        if abs(both - 2 * doing.RULER_MM) > doing.SCALED_MM:
            return {f"margins.{other}": "W119"}
    return {}


def sound(held: Held, answers: Answers, bench: Bench) -> tuple[Ask, ...]:
    steps = tuple((str(volume), str(volume)) for volume in range(11))
    return (Ask(name="sound.volume", kind=AskKind.CHOICE, choices=steps, otherwise="6"),)


def chosen_devices(answers: Answers) -> dict[str, dict[str, Any]]:
    """Kind → its table, of those that were chosen, in the order of the schema."""
    given = ((kind, device_settings(answers.get(f"devices.{kind}", ""))) for kind in KINDS)
    return {kind: settings for kind, settings in given if settings}


def device_settings(text: str) -> dict[str, Any]:
    """The table that an answer means: `sdt /dev/serial/…`, or a table as JSON; {} for none."""
    if text in ("", NONE):
        return {}
    if text.startswith("{"):
        try:
            told = json.loads(text)
        except ValueError:
            return {}
        return told if isinstance(told, dict) and "driver" in told else {}
    driver, _, url = text.partition(" ")
    return {"driver": driver, "url": url.strip()}


def written(settings: Mapping[str, Any]) -> str:
    """A device's table as an answer."""
    plain = set(settings) <= {"driver", "url"}
    if plain:
        return f"{settings['driver']} {settings.get('url', '')}".strip()
    return json.dumps(dict(settings), ensure_ascii=False, sort_keys=True)
