"""What the platform does when a message comes, by its kind. A kind that is not known here is only kept."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from backend.corrections import answered
from backend.drafts import draft_kept
from backend.effects import Effect, nothing
from backend.message_rows import MessageEnvelope
from backend.opening import OpenPart
from backend.platform import Platform
from backend.terminals import Caller
from backend.tickets import ticket_opened
from backend.withdrawals import withdrawn


def effect_of(platform: Platform, caller: Caller, told: MessageEnvelope, open_part: OpenPart) -> Effect:
    """What the message does, once it is kept. Its sealed parts are opened and checked here, before anything is kept.

    A correction without `correction_id` and a hardship report without `ticket` are those of older terminals: they
    are kept for the operator, and do nothing. Refuses (422) what contradicts itself.
    """
    match told.kind:
        case "correction" if "correction_id" in told.body:
            return answered(platform, told, open_part)
        case "withdrawal":
            return withdrawn(platform, told, open_part)
        case "callback":
            return ticket_opened(platform, caller, told, open_part)
        case "hardship" if "ticket" in told.body:
            return ticket_opened(platform, caller, told, open_part)
        case "draft":
            return draft_kept(platform, caller, told, open_part)
    return _kept_only


def _kept_only(_session: Session) -> Callable[[], None]:
    return nothing
