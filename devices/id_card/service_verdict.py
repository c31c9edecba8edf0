"""Whether a vendor's service says yes, "no card", or what else: pure `parse_verdict`, and what follows from it.

No list of codes is public. What is said in words counts most; then the codes that the settings name; then the
security module's own (notes §4), which shells pass through, and the usual ways to say yes. A code that nobody knows
is a failure and is reported with the code: rather loud on the first day than a reader that never finds a card.
"""

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from devices.errors import Condition, DeviceError, Garbled, Refused, Unreachable
from devices.id_card.service_card import layers, normalised, texts_of
from devices.status import State, Status, status_of


class Meaning(enum.Enum):
    """What an answer amounts to."""

    YES = enum.auto()
    NO_CARD = enum.auto()
    UNREADABLE = enum.auto()
    NOT_AN_ID_CARD = enum.auto()
    NO_DEVICE = enum.auto()
    BUSY = enum.auto()
    BROKEN = enum.auto()
    FAILED = enum.auto()  #: a code that nobody knows
    SILENT = enum.auto()  #: neither a code nor a word


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a service says about its own answer."""

    meaning: Meaning
    code: str = ""  #: as it came, when it is short and plain enough to be one


#: in this order: 未检测到设备 must not be taken for a missing card
_WORDS: tuple[tuple[Meaning, str], ...] = (
    (Meaning.YES, "设备已打开 已经打开 已连接 alreadyopen alreadyconnected"),
    (
        Meaning.NO_DEVICE,
        """
            设备未连接 未连接设备 设备未打开 未打开设备 打开设备失败 设备打开失败 连接设备失败
            设备连接失败 无设备 没有设备 未检测到设备 未找到设备 找不到设备 未检测到阅读器
            未检测到读卡器 未找到读卡器 端口打开失败 打开端口失败 nodevice devicenot notconnected
            openfail failedtoopen
        """,
    ),
    (Meaning.BROKEN, "自检失败 未授权 selftest unauthorised unauthorized"),
    (Meaning.UNREADABLE, "重新放"),
    (Meaning.NOT_AN_ID_CARD, "不是身份证 非身份证 卡类型错误 无法识别的卡 notanidcard unknowncard"),
    (
        Meaning.NO_CARD,
        """
            无卡 没有卡 没卡 未放卡 未放置 未放身份证 请放 请将 找卡失败 寻卡失败 未寻到 未找到卡
            未找到身份证 未检测到卡 未检测到身份证 无身份证 没有身份证 未发现 nocard cardnotfound
            findcardfail nocertificate putcard placecard putyour placeyour
        """,
    ),
    (
        Meaning.UNREADABLE,
        """
            读卡失败 读取失败 读证失败 读身份证失败 读卡错误 选卡失败 认证失败 readfail readerror
            selectfail failedtoread authenticatefail
        """,
    ),
    (Meaning.BUSY, "忙 占用 正在读 busy inuse"),
)

CODE_KEYS = tuple(
    map(
        normalised,
        [
            "success",
            "code",
            "ret",
            "retCode",
            "returnCode",
            "resultCode",
            "resCode",
            "errCode",
            "errorCode",
            "iRet",
            "nRet",
            "status",
            "statusCode",
            "state",
            "flag",
            "resultFlag",
            "result",
            "返回码",
        ],
    )
)
WORD_KEYS = tuple(
    map(
        normalised,
        [
            "msg",
            "message",
            "errMsg",
            "errorMsg",
            "retMsg",
            "resultMsg",
            "errorMessage",
            "desc",
            "description",
            "errorInfo",
            "info",
            "tip",
            "error",
            "result",
            "status",
            "state",
            "data",
            "消息",
            "提示",
        ],
    )
)
_LONGEST_SENTENCE = 80  # characters; what is longer, or is JSON again, is no message

_YES = frozenset(
    {"0", "0.0", "00", "0000", "000000", "200", "true", "ok", "success", "succeed", "yes", "成功"}
)
#: SW3 of the security module, in decimal and in hexadecimal (notes §4)
_MODULE_CODES = {
    0x90: Meaning.YES,
    0x9F: Meaning.YES,
    0x80: Meaning.NO_CARD,
    0x40: Meaning.NOT_AN_ID_CARD,
    **dict.fromkeys((0x31, 0x33, 0x41, 0x47, 0x81), Meaning.UNREADABLE),
    **dict.fromkeys((0x60, 0x66), Meaning.BROKEN),
}
_CODES: Mapping[str, Meaning] = {
    **{str(code): meaning for code, meaning in _MODULE_CODES.items()},
    **{f"0x{code:02x}": meaning for code, meaning in _MODULE_CODES.items()},
    **dict.fromkeys(_YES, Meaning.YES),
}
_PLAIN_CODE = re.compile(r"-?[0-9A-Za-z]{1,6}")

_CONDITIONS = {
    Meaning.UNREADABLE: Condition.CARD_UNREADABLE,
    Meaning.NOT_AN_ID_CARD: Condition.NOT_AN_ID_CARD,
    Meaning.BUSY: Condition.BUSY,
    Meaning.BROKEN: Condition.OUT_OF_SERVICE,
    Meaning.FAILED: Condition.OUT_OF_SERVICE,
}


def parse_verdict(
    said: Mapping[str, Any],
    yes: Sequence[str] = (),
    no_card: Sequence[str] = (),
    no_card_words: Sequence[str] = (),
) -> Verdict:
    """What the service says about its answer; `yes` and `no_card` are codes, `no_card_words` parts of sentences
    that this installation's settings add."""
    told = [texts_of(layer) for layer in layers(said)]
    code = next((texts[key] for texts in told for key in CODE_KEYS if key in texts), "").casefold()
    plain = code if _PLAIN_CODE.fullmatch(code) else ""
    sentences = [texts[key] for texts in told for key in WORD_KEYS if key in texts]
    if any(word in sentence for word in no_card_words for sentence in sentences):
        return Verdict(Meaning.NO_CARD, plain)
    meaning = next(filter(None, map(_by_words, sentences)), None)
    if meaning is not None:
        return Verdict(meaning, plain)
    if not code:
        return Verdict(Meaning.SILENT)
    for codes, meaning in ((yes, Meaning.YES), (no_card, Meaning.NO_CARD)):
        if code in (one.casefold() for one in codes):
            return Verdict(meaning, plain)
    return Verdict(_CODES.get(code, Meaning.FAILED), plain)


def _by_words(sentence: str) -> Meaning | None:
    if len(sentence) > _LONGEST_SENTENCE or sentence.startswith(("{", "[")):
        return None
    text = normalised(sentence)
    return next((meaning for meaning, words in _WORDS if any(word in text for word in words.split())), None)


def fail(verdict: Verdict, verb: str) -> NoReturn:
    """Raise what a verdict that is neither yes nor "no card" means.

    Unreachable when the service has no reader, Garbled when it said nothing, Refused for the rest.
    """
    if verdict.meaning is Meaning.NO_DEVICE:
        raise Unreachable(verb=verb, reason="the service has no reader")
    condition = _CONDITIONS.get(verdict.meaning)
    if condition is None:
        raise Garbled(verb=verb, reason="neither code nor card")
    raise Refused(condition, verb=verb, code=verdict.code)


def accept(verdict: Verdict, verb: str) -> None:
    """Raise what the verdict means unless the service goes on as it should; no card is no trouble here."""
    if verdict.meaning not in (Meaning.YES, Meaning.NO_CARD):
        fail(verdict, verb)


def status_by(verdict: Verdict, verb: str) -> Status:
    """How the reader fares by what its service says. Raises Garbled when that is nothing."""
    try:
        accept(verdict, verb)
    except Garbled:
        raise
    except DeviceError as error:
        return status_of(error)
    return Status(State.ONLINE)
