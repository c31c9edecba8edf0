"""What she arranges inside a case: papers that she need not hand in, what is known of her, how the result comes to her.

A part of the record, wiped with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from kiosk.catalogue.model import Material, Matter
from kiosk.catalogue.terms import Instead

#: how a material is proved: by the paper itself, or by what stands for it
Proof = Literal["paper", "licence", "promise"]

EarlierState = Literal["", "asking", "found", "nothing", "failed", "refused"]


@dataclass(frozen=True, slots=True)
class EarlierValue:
    """What she wrote in an earlier case, or what one of her licences says."""

    name: str  #: of the form's field
    value: str = field(repr=False)
    matter: str  #: name of what it comes from
    at: datetime


@dataclass(frozen=True, slots=True)
class HeldLicence:
    """An electronic licence of hers that the platform's library knows."""

    kind: str  #: as `Material.licence` names it
    name: str
    number: str = field(repr=False)
    issuer: str


@dataclass(slots=True)
class Arranged:
    """Her choices, and what the platform told with her consent."""

    proofs: dict[str, Proof] = field(default_factory=dict)  #: slot → what she chose
    promised: set[str] = field(default_factory=set)  #: promises that she read and confirmed
    ticked: bool = False  #: she said that she has read the one on the screen
    overview_of: tuple[str, ...] = ()  #: codes of the items that she saw put together
    earlier: EarlierState = ""
    consented_at: datetime | None = None  #: to being asked for
    values: dict[str, EarlierValue] = field(default_factory=dict, repr=False)
    licences: tuple[HeldLicence, ...] = field(default=(), repr=False)
    delivery: dict[str, str] = field(default_factory=dict, repr=False)  #: "way", and what it needs
    delivery_seen: bool = False
    draft_id: str = ""  #: under which the platform keeps this visit, once she had it kept

    def held(self, material: Material) -> HeldLicence | None:
        """Her licence that may take the place of `material`, when she has one."""
        if not material.licence:
            return None
        return next((one for one in self.licences if one.kind == material.licence), None)

    def proof(self, material: Material) -> Proof:
        """What proves `material`: her choice; a licence that was found counts without being chosen, a promise never."""
        chosen = self.proofs.get(material.slot, "licence")
        if chosen == "licence":
            return "licence" if self.held(material) is not None else "paper"
        return chosen

    def instead(self, matter: Matter) -> Mapping[str, Instead]:
        """Slot → what stands for its paper, as `combine` wants it."""
        found: dict[str, Instead] = {}
        for material in matter.materials:
            proof = self.proof(material)
            if proof != "paper":
                found[material.slot] = proof
        return found


def taken_up(proofs: Mapping[str, str], delivery: Mapping[str, str], draft_id: str) -> Arranged:
    """What she had arranged in an earlier visit. Promises are read again: she has signed none yet."""
    known: Mapping[str, Proof] = {"paper": "paper", "licence": "licence", "promise": "promise"}
    chosen = {slot: known[said] for slot, said in proofs.items() if said in known}
    return Arranged(proofs=chosen, delivery=dict(delivery), delivery_seen=bool(delivery), draft_id=draft_id)
