"""What is said to the service of 捷宇 (JoyUsing) and how its answers are told from pictures.

Source: shared protocol notes, document_camera.md §5.2.
"""

from dataclasses import dataclass, field

START = {"main": "bStartPlay", "sub": "bStartPlay2(0)"}  # the argument is the rotation
STOP = "bStopPlay"
STILL = "sGetBase64"
PLAIN = "bSetMode(0)"  # neither edges nor cards are looked for: the picture as the lens sees it

#: what may be answered; longest first, because a payload follows without a gap
_ANSWERED = ("bStartPlay2", "bStartPlay", "bStopPlay", "sGetBase64", "bSetMode")
_LONGEST = 64 << 20  # characters; an 18 MP JPEG as base64 has 14 million at most
_NO = ("false", "0", "-1", "fail", "failed")


@dataclass(frozen=True, slots=True)
class Answer:
    """`Begin<verb>` + payload + `End<verb>`."""

    verb: str
    payload: str = field(repr=False)

    @property
    def is_no(self) -> bool:
        """Whether the service could not do it."""
        return self.payload.strip().casefold() in _NO


def format_answer(verb: str, payload: str) -> str:
    """An answer in one text."""
    return f"Begin{verb}{payload}End{verb}"


class Answers:
    """Puts answers together; whatever is not part of one is a picture."""

    def __init__(self) -> None:
        self._verb = ""
        self._parts: list[str] = []
        self._size = 0

    def feed(self, text: str) -> Answer | str | None:
        """What `text` completes: an answer, a picture (the text itself), or nothing yet.

        An answer may come in one text or in several; an answer without an end is given up when it gets too long or
        when another one begins.
        """
        begun = next((verb for verb in _ANSWERED if text.startswith(f"Begin{verb}")), "")
        if begun:
            self._verb, self._parts, self._size = begun, [], 0
            text = text[len("Begin") + len(begun) :]
        elif not self._verb:
            return None if text.startswith(("Begin", "End")) else text
        self._parts.append(text)
        self._size += len(text)
        if text.rstrip().endswith(f"End{self._verb}") or self._size > _LONGEST:
            return self._complete()
        return None

    def _complete(self) -> Answer | None:
        verb, whole = self._verb, "".join(self._parts).rstrip()
        self._verb, self._parts, self._size = "", [], 0
        if not whole.endswith(f"End{verb}"):
            return None
        return Answer(verb, whole.removesuffix(f"End{verb}"))
