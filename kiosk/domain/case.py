"""A case in the making: who applies, what is handed in, and the manifest that the platform is given.

docs/backend-api.md is the contract. Everything here is a frozen value or a pure function.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from devices.evaluator import Level
from devices.id_card import CardKind, IdCard
from kiosk.domain.identity import Doubt, number_facts, number_problem

SCHEMA = 1  # of the manifest, as in docs/backend-api.md
TRUST = "C"  # 国办函〔2016〕108号: uploaded by the citizen, the original is looked at later

Channel = Literal["screen", "device"]

#: what a card can fill in; `Field.prefill` is "card." and one of these
CARD_VALUES = (
    "name", "sex", "ethnicity", "birth", "address", "number", "authority", "valid_from", "valid_to"
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Who applies, as the card or she herself says."""

    name: str = field(repr=False)
    sex: str = field(repr=False)
    ethnicity: str = field(repr=False)
    birth: date | None = field(repr=False)
    address: str = field(repr=False)
    number: str = field(repr=False)
    authority: str = field(repr=False)
    valid_from: date | None = field(repr=False)
    valid_to: date | None = field(repr=False)  #: None for 长期 and when unknown
    kind: str = CardKind.RESIDENT.value
    entered: Literal["card", "manual"] = "card"
    doubts: tuple[Doubt, ...] = ()

    @classmethod
    def from_card(cls, card: IdCard, doubts: tuple[Doubt, ...]) -> "Applicant":
        """What the chip says, together with what disagrees."""
        return cls(
            name=_storable(card.name or card.latin_name),
            sex=card.sex,
            ethnicity=card.ethnicity,
            birth=card.birth,
            address=_storable(card.address),
            number=card.number,
            authority=_storable(card.authority),
            valid_from=card.valid_from,
            valid_to=card.valid_to,
            kind=card.kind.value,
            entered="card",
            doubts=doubts,
        )

    @classmethod
    def by_hand(cls, name: str, number: str) -> "Applicant":
        """What she typed; birth and sex follow from the number, everything else is unknown."""
        problem = number_problem(number)
        told = None if problem is Doubt.NUMBER_FORM else number_facts(number)
        return cls(
            name=_storable(name.strip()),
            sex=told.sex if told else "",
            ethnicity="",
            birth=told.birth if told else None,
            address="",
            number=number,
            authority="",
            valid_from=None,
            valid_to=None,
            entered="manual",
            doubts=(problem,) if problem else (),
        )

    def card_values(self) -> dict[str, str]:
        """What a form can be prefilled with, by the names that `Field.prefill` uses. Nothing blank."""
        said = {name: getattr(self, name) for name in CARD_VALUES}
        written = {name: _iso(value) if isinstance(value, date) else value for name, value in said.items()}
        return {f"card.{name}": value for name, value in written.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Who stands here for the applicant."""

    kind: Literal["agent", "guardian"]
    name: str = field(repr=False)
    number: str = field(repr=False)
    entered: Literal["card", "manual"]

    def told(self) -> dict[str, Any]:
        """The manifest's `agent`."""
        return {"kind": self.kind, "name": self.name, "number": self.number, "entered": self.entered}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One rating of one case."""

    level: Level
    reasons: tuple[str, ...] = ()  #: codes of words `evaluation.reasons.*`
    channel: Channel = "screen"
    at: datetime

    def body(self, indicators_version: str) -> dict[str, Any]:
        """What `PUT /v1/cases/{case_id}/evaluation` takes."""
        return {
            "level": int(self.level),
            "reasons": list(self.reasons),
            "channel": self.channel,
            "at": self.at.isoformat(),
            "indicators_version": indicators_version,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedMaterial:
    """A material as it is handed in: one PDF."""

    slot: str
    name: str
    part: str  #: opaque name of the sealed part, "p01" …
    pages: int  #: of the PDF; two sides of a card share one
    sha256: str  #: hex, of the PDF before sealing
    pages_made: tuple[Mapping[str, Any], ...] = ()  #: how each page came to be, JSON-able, in order
    over_budget: bool = False  #: it is larger than it should be, and could not be made smaller


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Her signature's picture, bound to what she signed."""

    part: str
    sha256: str  #: hex, of the picture before sealing
    signs: str  #: hex, the digest of the content
    at: datetime
    more: Mapping[str, str] = field(default_factory=dict)  #: how it was made, where she did not write

    def told(self) -> dict[str, str]:
        """As a manifest tells it."""
        at = self.at.isoformat()
        return {"part": self.part, "sha256": self.sha256, "signs": self.signs, "at": at, **self.more}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseContent:
    """What is signed."""

    matter_code: str
    matter_name: str
    matter_version: str
    situation: Mapping[str, str] = field(repr=False)  #: question → answer
    items: tuple[str, ...]  #: codes
    applicant: Applicant
    form: Mapping[str, str] = field(repr=False)  #: field → value
    materials: tuple[HandedMaterial, ...]
    plan: tuple[Mapping[str, Any], ...] = ()  #: JSON-able; left out when empty, as the next two
    replaced: tuple[Mapping[str, Any], ...] = field(
        default=(), repr=False
    )  #: by a licence (its number) or a promise
    delivery: Mapping[str, str] = field(default_factory=dict, repr=False)  #: way, and what it needs
    agent: Agent | None = None

    def signed(self) -> dict[str, Any]:
        """What the signature stands for, JSON-able: six members, and of four more those that there are."""
        more: dict[str, Any] = {
            "plan": [dict(item) for item in self.plan],
            "replaced": [dict(one) for one in self.replaced],
            "delivery": dict(self.delivery),
            "agent": self.agent.told() if self.agent else None,
        }
        return {
            "matter": {"code": self.matter_code, "name": self.matter_name, "version": self.matter_version},
            "situation": dict(self.situation),
            "items": list(self.items),
            "applicant": _applicant(self.applicant),
            "form": dict(self.form),
            "materials": [told_material(material) for material in self.materials],
            **{name: told for name, told in more.items() if told},
        }


def canonical(content: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys, no spaces, in UTF-8: the same content gives the same bytes on both sides."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def signed_digest(content: CaseContent) -> str:
    """The SHA-256 (hex) that the signature is bound to and that the platform recomputes."""
    return hashlib.sha256(canonical(content.signed())).hexdigest()


def manifest(
    content: CaseContent,
    *,
    case_id: str,
    terminal_id: str,
    signature: Signature,
    consented_at: datetime,
    handed_in_at: datetime,
    local_number: str,
    sample: bool,
    draft_id: str = "",
    earlier_consent_at: datetime | None = None,
) -> dict[str, Any]:
    """The manifest of the case, as docs/backend-api.md describes it.

    Raises ValueError when the signature is bound to something else.
    """
    if signature.signs != signed_digest(content):
        raise ValueError("the signature is bound to another content")
    return {
        "schema": SCHEMA,
        "case_id": case_id,
        "terminal_id": terminal_id,
        **content.signed(),
        "signature": signature.told(),
        "consented_at": consented_at.isoformat(),
        "handed_in_at": handed_in_at.isoformat(),
        "local_number": local_number,
        "sample": sample,
        **({"draft_id": draft_id} if draft_id else {}),
        **({"earlier_consent_at": earlier_consent_at.isoformat()} if earlier_consent_at else {}),
    }


def _applicant(applicant: Applicant) -> dict[str, Any]:
    return {
        "name": applicant.name,
        "sex": applicant.sex,
        "ethnicity": applicant.ethnicity,
        "birth": _iso(applicant.birth) or None,
        "address": applicant.address,
        "number": applicant.number,
        "authority": applicant.authority,
        "valid_from": _iso(applicant.valid_from) or None,
        "valid_to": _iso(applicant.valid_to) or None,
        "entered": applicant.entered,
        "doubts": [doubt.value for doubt in applicant.doubts],
    }


def told_material(material: HandedMaterial) -> dict[str, Any]:
    """The material as a manifest tells it, JSON-able."""
    return {
        "slot": material.slot,
        "name": material.name,
        "part": material.part,
        "pages": material.pages,
        "sha256": material.sha256,
        "trust": TRUST,
        "pages_made": [dict(page) for page in material.pages_made],
        "over_budget": material.over_budget,
    }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _storable(text: str) -> str:
    """`text` without halves of surrogate pairs: a chip's UTF-16 can hold them, UTF-8 and JSON cannot."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
