"""What each status of an SDT reader means to whoever stands there.

Source: shared protocol notes, id_card_reader.md §4.
"""

from devices.errors import Condition, Garbled, Refused
from devices.id_card.sdt_frames import Answer, Request, Sw3

#: 10 and 11, "I misheard you", are asked again and then `Garbled`: they are about the line, not about the card
MISHEARD = (Sw3.BAD_CHECKSUM, Sw3.BAD_LENGTH)
#: such a module answers nothing else, whatever it is asked
DEAD = (Sw3.SELF_TEST_FAILED, Sw3.SAM_UNAUTHORISED)
#: 21 and 23: another firmware, or a command at the wrong moment
NOT_SERVED = (Sw3.BAD_COMMAND, Sw3.NOT_ALLOWED)

CONDITIONS: dict[int, Condition] = {
    Sw3.BAD_COMMAND: Condition.BAD_COMMAND,
    Sw3.NOT_ALLOWED: Condition.BAD_COMMAND,
    Sw3.UNRECOGNISED_ERROR: Condition.OUT_OF_SERVICE,
    Sw3.CARD_REFUSES_SAM: Condition.CARD_UNREADABLE,
    Sw3.SAM_REFUSES_CARD: Condition.SUSPECT_CARD,
    Sw3.BAD_MAC: Condition.CARD_UNREADABLE,
    Sw3.NO_ID_CARD: Condition.NOT_AN_ID_CARD,
    Sw3.READ_FAILED: Condition.CARD_UNREADABLE,
    Sw3.RANDOM_FAILED: Condition.CARD_UNREADABLE,
    Sw3.SELF_TEST_FAILED: Condition.OUT_OF_SERVICE,
    Sw3.SAM_UNAUTHORISED: Condition.OUT_OF_SERVICE,
    Sw3.NO_CARD: Condition.CARD_UNREADABLE,
    Sw3.SELECT_FAILED: Condition.CARD_UNREADABLE,
    Sw3.NOTHING_STORED: Condition.CARD_UNREADABLE,
}
#: after these the notes say "re-find", "reset" or "re-read": one more try, from the beginning
WORTH_ANOTHER_TRY = (
    Sw3.SELECT_FAILED,
    Sw3.BAD_COMMAND,
    Sw3.NOT_ALLOWED,
    Sw3.UNRECOGNISED_ERROR,
    Sw3.BAD_MAC,
)
#: only a card can have said this
CARD_IS_THERE = (Sw3.OK, Sw3.NOTHING_STORED, Sw3.NO_ID_CARD)


def accept(request: Request, answer: Answer) -> None:
    """Raise what the status means unless it is `request`'s success: `Refused`, or `Garbled` for an unknown one."""
    if answer.sw3 == request.success:
        return
    condition = CONDITIONS.get(answer.sw3)
    if condition is None:
        raise Garbled(request=request.name, sw3=answer.sw3)
    raise Refused(condition, request=request.name, sw3=answer.sw3)
