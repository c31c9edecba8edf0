"""The result of this case and how it reaches her, put together from the record. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from kiosk.catalogue.checks import Prefilled
from kiosk.catalogue.model import Field
from kiosk.catalogue.terms import Delivery
from kiosk.journey import delivery
from kiosk.journey.record import Record


@dataclass(frozen=True, slots=True)
class Result:
    """What is offered, chosen, asked and known."""

    offered: tuple[Delivery, ...]
    way: str  #: "" while she has not chosen
    fields: tuple[Field, ...]
    values: Mapping[str, Prefilled] = field(repr=False)

    @property
    def asked(self) -> bool:
        """Whether there is anything to ask: a choice, or what the only way needs."""
        return any(not one.locked for one in self.fields)

    def problems(self, today: date) -> dict[str, str]:
        """Field → words key of what is missing or wrong."""
        return delivery.problems((f for f in self.fields if not f.locked), self.values, today)

    def told(self) -> dict[str, str]:
        """The manifest's `delivery`; empty where there is nothing to say."""
        return delivery.told_to_platform(self.offered, self.way, self.values)


def result_of(record: Record, *, prints: bool) -> Result:
    """`prints`: an A4 printer is here."""
    plan, told = record.plan(), record.arranged.delivery
    offered = delivery.ways(record.chosen, plan, prints=prints)
    way = delivery.way_of(offered, told)
    fields = delivery.asked(offered, plan, way)
    values = delivery.known(fields, told, record.confirmed(), plan.fields)
    if way and delivery.WAY in {f.name for f in fields}:
        values[delivery.WAY] = Prefilled(way, "citizen")
    return Result(offered, way, fields, values)


def form_told(record: Record, told: Mapping[str, str]) -> dict[str, str]:
    """Field → value as it is handed in: what she filled in, and what follows from how the result reaches her."""
    form = {name: known.value for name, known in record.confirmed().items()}
    for one in record.plan().fields:
        if one.prefill.startswith(delivery.ANSWERED):
            value = told.get(one.prefill.removeprefix(delivery.ANSWERED), "")
            if value:
                form[one.name] = value
    return form
