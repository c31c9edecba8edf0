"""What is asked, and whether an answer will do. Answers are texts; problems are codes (`setup.problem.<code>`)."""

import enum
import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

Answers = Mapping[str, str]
Check = Callable[[str], str]

_TELEPHONE = re.compile(r"\+?[0-9][0-9 -]{2,19}")
_HOST = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
_WEB = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+(/[^\s?#]*)?")
_PROXY = re.compile(
    r"http://[A-Za-z0-9.\-\[\]:]+"
)  # without a name and a password: they would stand in clear
_INTERFACE = re.compile(r"[A-Za-z0-9_.-]{1,15}")  # IFNAMSIZ
_APN = re.compile(r"[A-Za-z0-9.-]{1,100}")  # 3GPP TS 23.003 §9.1
_ONE_TIME = re.compile(r"[A-Za-z0-9-]{4,40}")
_LETTERS = re.compile(r"[A-Z]{1,4}")


class AskKind(enum.StrEnum):
    """How it is written; decides the keyboard on the glass."""

    TEXT = "text"  #: Chinese, too
    LETTERS = "letters"  #: addresses, codes
    DIGITS = "digits"
    PHONE = "phone"
    CHOICE = "choice"
    POINTS = "points"  #: touched on the glass


def fine(text: str) -> str:
    """Anything will do."""
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question. Its label is words `setup.ask.<name>`, its hint `setup.hint.<name>` where there is one."""

    name: str
    kind: AskKind = AskKind.TEXT
    check: Check = fine  #: of an answer that is not empty
    choices: tuple[tuple[str, str], ...] = ()  #: value, and label; "" is words `setup.choice.<value>`
    required: bool = True
    otherwise: str = ""  #: what is proposed
    longest: int = 60  #: characters
    secret: bool = False  #: never written to the disk
    open: bool = False  #: something else than one of the choices may be written, and is judged by `check`

    def problem(self, text: str) -> str:
        """The code of what is wrong with this answer; "" when nothing is."""
        if not text:
            return "W101" if self.required else ""
        if len(text) > self.longest:
            return "W102"
        if self.choices and text in {value for value, _ in self.choices}:
            return ""
        return "W103" if self.choices and not self.open else self.check(text)


# --- checks ---


def _by(pattern: re.Pattern[str], code: str) -> Check:
    return lambda text: "" if pattern.fullmatch(text) else code


telephone: Final = _by(_TELEPHONE, "W105")
web_address: Final = _by(_WEB, "W106")
interface: Final = _by(_INTERFACE, "W111")
proxy: Final = _by(_PROXY, "W112")
apn: Final = _by(_APN, "W113")
one_time_code: Final = _by(_ONE_TIME, "W114")
letters: Final = _by(_LETTERS, "W115")


def number(least: float, most: float) -> Check:
    """A number within these limits."""

    def check(text: str) -> str:
        try:
            return "" if least <= float(text) <= most else "W104"
        except ValueError:
            return "W104"

    return check


def network_of(version: int) -> Check:
    """An address with its prefix: 192.168.1.20/24, fd00::20/64; one that a machine can have."""
    code = "W107" if version == 4 else "W109"

    def check(text: str) -> str:
        try:
            found = ipaddress.ip_interface(text)
        except ValueError:
            return code
        unfit = found.ip.is_loopback or found.ip.is_multicast or found.ip.is_unspecified
        edge = version == 4 and found.network.prefixlen < 31 and found.ip in (
            found.network.network_address, found.network.broadcast_address,
        )  # fmt: skip
        return code if "/" not in text or found.version != version or unfit or edge else ""

    return check


def address_of(version: int) -> Check:
    """An address without a prefix."""
    code = "W107" if version == 4 else "W109"

    def check(text: str) -> str:
        try:
            return "" if ipaddress.ip_address(text).version == version else code
        except ValueError:
            return code

    return check


def listed(one: Check) -> Check:
    """Several, parted by blanks or commas; the first problem counts."""
    return lambda text: next(filter(None, map(one, parts(text))), "")


def host(text: str) -> str:
    """A host's name, or an address of either kind."""
    try:
        ipaddress.ip_address(text)
        return ""
    except ValueError:
        numbers_only = all(part.isdigit() for part in text.split("."))  # 10.0.0.300 is no name
        return "" if _HOST.fullmatch(text) and not numbers_only else "W110"


def address(text: str) -> str:
    """An address of either kind."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return "W110"
    return ""


def parts(text: str) -> tuple[str, ...]:
    """What stands between blanks and commas."""
    return tuple(part for part in re.split(r"[\s,，、]+", text) if part)


def gateway_problem(network: str, gateway: str) -> str:
    """Whether the gateway can be reached from this address without a gateway."""
    if not network or not gateway:
        return ""
    try:
        inside = ipaddress.ip_address(gateway) in ipaddress.ip_interface(network).network
    except (ValueError, TypeError):
        return "W108"
    link_local = ipaddress.ip_address(gateway).is_link_local
    own = ipaddress.ip_address(gateway) == ipaddress.ip_interface(network).ip
    return "" if (inside or link_local) and not own else "W108"


def code_in(scanned: str) -> tuple[str, str]:
    """(one-time code, the platform's address or "") of what was typed or scanned: the code alone, or `ADDRESS#CODE`."""
    before, mark, behind = scanned.strip().partition("#")
    return (behind.strip(), before.rstrip("/")) if mark else (before, "")
