"""为您合并办理: what the joint matter does for her, drawn from the plan of her case. Pure."""

from collections.abc import Iterable

from kiosk.catalogue.combine import replaceable
from kiosk.catalogue.model import CasePlan, Item, Material, Matter
from kiosk.catalogue.reductions import reductions
from kiosk.catalogue.schedule import Stage, schedule
from kiosk.journey import views
from kiosk.journey.arranged import Arranged, Proof

#: she agreed to be asked for, and nothing came of it (or is just given up): she is told
_UNANSWERED = ("asking", "nothing", "failed")


def overview(matter: Matter, plan: CasePlan, arranged: Arranged, phone: str) -> views.Overview:
    """The items that apply, who works beside whom, what she saves, where she must be seen, what she need not bring."""
    times = schedule(plan.items)
    return views.Overview(
        saved=saved(matter, plan),
        stages=tuple(_stage(stage) for stage in times.stages),
        promised_days=times.promised_days,
        unknown_days=len(times.unknown_days),
        points=_points(plan.items, phone),
        choices=choices(matter, plan, arranged),
        earlier=arranged.earlier,
        found=len(arranged.values),
    )


def something_to_tell(matter: Matter, plan: CasePlan, arranged: Arranged) -> bool:
    """Whether the overview says more than she knows already: one item and nothing to choose is none."""
    if not plan.items:
        return False
    item = plan.items[0]
    alone = len(plan.items) == 1 and item.in_person is None and item.online
    return not alone or bool(choices(matter, plan, arranged)) or arranged.earlier in _UNANSWERED


def choices(matter: Matter, plan: CasePlan, arranged: Arranged) -> tuple[views.ProofChoice, ...]:
    """The materials for which something else may stand, with what may."""
    allowed = replaceable(matter, plan)
    every = {m.slot: m for m in (*plan.materials, *(one.material for one in plan.replaced))}
    found = []
    for material in matter.materials:
        if material.slot not in every or material.slot not in allowed:
            continue
        ways: tuple[Proof, ...] = tuple(
            way for way in allowed[material.slot] if way != "licence" or arranged.held(material) is not None
        )
        if ways:
            found.append(_choice(matter, material, ways, arranged))
    return tuple(found)


def _choice(
    matter: Matter, material: Material, ways: tuple[Proof, ...], arranged: Arranged
) -> views.ProofChoice:
    licence = arranged.held(material)
    promise = next((p for p in matter.promises if p.name == material.promise), None)
    return views.ProofChoice(
        slot=material.slot,
        name=material.name,
        ways=("paper", *ways),
        chosen=arranged.proof(material),
        licence=licence.name if licence else "",
        issuer=licence.issuer if licence else "",
        promise=promise.title if promise else "",
    )


def saved(matter: Matter, plan: CasePlan) -> tuple[views.Saved, ...]:
    """What became less, in pieces; what did not is not praised."""
    counted = reductions(matter, plan)
    all_of_them = (
        views.Saved("forms", *counted.forms),
        views.Saved("materials", *counted.materials),
        views.Saved("visits", *counted.visits),
    )
    return tuple(one for one in all_of_them if one.before > one.after)


def _stage(stage: Stage) -> views.OverviewStage:
    by_office: dict[str, list[Item]] = {}
    for item in stage.items:
        by_office.setdefault(item.department, []).append(item)
    return views.OverviewStage(
        number=stage.number,
        offices=tuple(
            views.OverviewOffice(
                department=department,
                items=tuple((item.name, item.online) for item in items),
                days=_days(items),
            )
            for department, items in by_office.items()
        ),
    )


def _days(items: Iterable[Item]) -> int | None:
    """The longest promise among `items` of one department; None as soon as one promised nothing."""
    days = [item.days.promised if item.days else None for item in items]
    return None if None in days else max((d for d in days if d is not None), default=None)


def _points(items: Iterable[Item], phone: str) -> tuple[views.InPersonPoint, ...]:
    """Each place where she must be seen, once; where the address is not known, the telephone."""
    found: dict[str, views.InPersonPoint] = {}
    for item in items:
        there = item.in_person
        if there is None:
            continue
        known = found.get(there.where)
        names = (*known.items, item.name) if known else (item.name,)
        found[there.where] = views.InPersonPoint(
            items=names,
            why=there.why,
            where=there.where,
            address=there.address,
            hours=there.hours,
            phone="" if there.address else phone,
        )
    return tuple(found.values())
