"""What the drivers of signals share: how a contact is wired, and how its bounce is kept out."""

from collections.abc import Callable, Mapping

from pydantic import BaseModel, ConfigDict, Field

from ground.clock import Clock

DEBOUNCE_S = 0.05  # shared protocol notes, others.md §6: 50 ms


class Contact(BaseModel):
    """One line of a board."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    line: int = Field(ge=0, le=65535)  #: counted from 0, as the board's protocol does
    #: for an input: true while the contact is open; for a lamp: lit while the output is off
    active_low: bool = False

    def meaning(self, level: bool) -> bool:
        """What `level` on the line means, and the level that means it."""
        return level != self.active_low


#: as the install guide wires a cabinet: a sensor that closes its contact for whoever stands there, and a loop
#: through the door that is closed while the door is shut, so that a cut cable reads as an open door (§8)
USUAL_INPUTS: Mapping[str, Contact] = {
    "presence": Contact(line=0),
    "door_open": Contact(line=1, active_low=True),
}
#: one lamp beside each slot
USUAL_LAMPS: Mapping[str, Contact] = {
    name: Contact(line=line)
    for line, name in enumerate(("id_card", "camera", "receipt", "scanner", "printer"))
}


def settled(read: Callable[[], dict[str, bool]], before: Mapping[str, bool], clock: Clock) -> dict[str, bool]:
    """What `read` gives when it gives it twice, 50 ms apart; an input that changes in between stays as `before`."""
    first = read()
    if first == before:
        return first
    clock.wait(DEBOUNCE_S)
    second = read()
    return {
        name: level if level == first.get(name) else before.get(name, level) for name, level in second.items()
    }
