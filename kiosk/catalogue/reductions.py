"""少填几张表，少交几份材料，少跑几次: counted from what the items would ask alone and what the case asks together.

Before: every item by itself, with its own form, its own steps, its own way, and every material that it needs.
After: one form; each paper once, less those that a licence or a promise stands for; one way to the terminal
and one to every place where she must be seen; joint steps once for all items.
No percentage is stored anywhere.
"""

from dataclasses import dataclass

from kiosk.catalogue.model import CasePlan, Matter
from kiosk.catalogue.schedule import schedule
from kiosk.catalogue.terms import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Reductions:
    """Before and after, in pieces."""

    forms: Pair
    materials: Pair
    visits: Pair
    steps: Pair
    days: Pair  #: statutory one after the other, promised together


def reductions(matter: Matter, plan: CasePlan) -> Reductions:
    """What `plan` saves against doing its items one by one."""
    seen = {item.in_person.where for item in plan.items if item.in_person is not None}
    steps = [step for item in plan.items for step in item.steps]
    together = [step for step in steps if step in matter.joint_steps]
    times = schedule(plan.items)
    return Reductions(
        forms=(sum(item.forms for item in plan.items), 1 if plan.sections else 0),
        materials=(sum(len(codes) for _, codes in plan.feeds), len(plan.materials)),
        visits=(sum(item.visits for item in plan.items), (1 if plan.items else 0) + len(seen)),
        steps=(len(steps), len(steps) - len(together) + len(set(together))),
        days=(times.days_one_by_one, times.promised_days),
    )


def per_cent(pair: Pair) -> float:
    """By how many per cent it became less: 43 → 12 is 72.09. 0 where there was nothing before."""
    before, after = pair
    return round(100 * (before - after) / before, 2) if before else 0.0
