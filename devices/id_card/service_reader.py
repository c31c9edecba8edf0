"""What the drivers of readers behind a vendor's service share: settings, the judgement of an answer, a short memory."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from devices.errors import Garbled
from devices.id_card import CardKind, IdCard
from devices.id_card.service_card import SPELLINGS, parse_card, texts_of
from devices.id_card.service_card import layers as layers_of
from devices.id_card.service_verdict import CODE_KEYS, WORD_KEYS, Meaning, Verdict, fail, parse_verdict
from devices.status import Capabilities
from devices.wire.service_settings import ServiceSettings
from ground.clock import Clock

_CLAIMED_WITHIN_S = 2.0  # a card seen by a question about presence; chosen: some polls, far below a visit
_STRANGE_FIELDS = 4  # so many fields that nobody knows are a card in another spelling, not an empty answer
_LENIENT_YES = "1"  # yes to some, no to others: believed where a whole card came with it


class CardServiceSettings(ServiceSettings):
    """How such a service spells. All of it can be put right here when a real one is seen."""

    method: Literal["GET", "POST"] = Field(default="GET", description="how its verbs are asked")
    fields: Mapping[str, tuple[str, ...]] = Field(
        default_factory=dict, description="more spellings, by our name of the field: number = ['SFZ']"
    )
    success_codes: tuple[str, ...] = Field(default=(), description="more codes that mean yes")
    no_card_codes: tuple[str, ...] = Field(default=(), description="more codes that mean no card")

    no_card_words: tuple[str, ...] = Field(
        default=(), description="parts of a message that mean no card, as the service writes it"
    )

    @field_validator("fields")
    @classmethod
    def _known(cls, fields: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
        strange = fields.keys() - SPELLINGS.keys()
        if strange:
            facts = {"strange": ", ".join(sorted(strange)), "known": ", ".join(SPELLINGS)}
            raise PydanticCustomError("card_fields", "{strange}: there are {known}", facts)
        return fields

    def verdict(self, said: Mapping[str, Any]) -> Verdict:
        """What the service says about its own answer."""
        return parse_verdict(said, self.success_codes, self.no_card_codes, self.no_card_words)

    def card(self, said: Mapping[str, Any], verb: str) -> IdCard | None:
        """The card of an answer, None for no card. Raises Refused, Unreachable, Garbled."""
        verdict = self.verdict(said)
        if verdict.meaning is Meaning.NO_CARD:
            return None
        lenient = verdict.meaning is Meaning.FAILED and verdict.code == _LENIENT_YES
        if verdict.meaning not in (Meaning.YES, Meaning.SILENT) and not lenient:
            fail(verdict, verb)
        card = parse_card(said, self.fields)
        if card is None and verdict.meaning is not Meaning.YES:
            fail(verdict, verb)
        if card is None and _strange_fields(said) >= _STRANGE_FIELDS:
            raise Garbled(verb=verb, reason="no field that is known; see settings `fields`")
        return card


def _strange_fields(said: Mapping[str, Any]) -> int:
    """How many filled fields an answer has, in one of its layers, that are neither code nor message."""
    return max(len(texts_of(layer).keys() - {*CODE_KEYS, *WORD_KEYS}) for layer in layers_of(said))


def reader_capabilities() -> Capabilities:
    """What these readers can do; the portrait comes decoded at best, which nobody here needs."""
    return {"kinds": [kind.value for kind in CardKind], "photo": False}


class Unclaimed:
    """A card that a question about presence came upon, kept for the next reading.

    These services have no verb for presence alone, and some give each card away once: without this memory the
    question would swallow the card.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._card: IdCard | None = None
        self._until = 0.0

    def keep(self, card: IdCard | None) -> bool:
        """Remember `card` for a moment, or forget the last one; whether there is one."""
        self._card, self._until = card, self._clock.after(_CLAIMED_WITHIN_S)
        return card is not None

    def take(self) -> IdCard | None:
        """The card that was kept and is still fresh; it is given once."""
        card, self._card = self._card, None
        return None if self._clock.due(self._until) else card
