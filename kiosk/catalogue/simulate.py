"""What a case comes to, told as plain values: for `catalogue simulate`."""

from dataclasses import asdict
from typing import Any

from kiosk.catalogue.combine import Answers, combine, fewest
from kiosk.catalogue.model import CasePlan, Field, Item, Material, Matter, Replaced
from kiosk.catalogue.reductions import reductions
from kiosk.catalogue.schedule import Schedule, schedule


def simulate(matter: Matter, answers: Answers, *, all_papers: bool = False) -> dict[str, Any]:
    """Items, fields, materials, promises, plan and reductions of a case; answers None: the union of all.

    Every paper that a licence or a promise may stand for is replaced, unless `all_papers`.
    """
    plan = combine(matter, answers) if all_papers else fewest(matter, answers)
    saved = reductions(matter, plan)
    feeds = dict(plan.feeds)
    fed_by = {name: [i.code for i in plan.items if name in i.fields] for i in plan.items for name in i.fields}
    return {
        "matter": matter.code,
        "version": matter.version,
        "complete": matter.complete,
        "sample": matter.sample,
        "items": [_item(item) for item in plan.items],
        "fields": [_field(field, fed_by) for field in plan.fields],
        "materials": [_material(material, feeds) for material in plan.materials],
        "replaced": [_replaced(one, feeds) for one in plan.replaced],
        "promises": [_promise(plan, promise.name) | asdict(promise) for promise in plan.promises],
        "plan": _plan(schedule(plan.items)),
        "reductions": {name: list(pair) for name, pair in asdict(saved).items()},
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "code": item.code,
        "name": item.name,
        "department": item.department,
        "level": item.level,
        "online": item.online,
        "sample": item.sample,
        "in_person": asdict(item.in_person) if item.in_person else None,
        "delivery": [str(way) for way in item.delivery],
    }


def _field(field: Field, fed_by: dict[str, list[str]]) -> dict[str, Any]:
    base = field.name.rpartition("_")[0] if field.repeat else field.name
    return {
        "name": field.name,
        "label": field.label,
        "check": str(field.check),
        "section": field.section,
        "required": field.required,
        "prefill": field.prefill,
        "items": fed_by[base],
    }


def _material(material: Material, feeds: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    return {
        "slot": material.slot,
        "name": material.name,
        "paper": str(material.paper),
        "trust": str(material.trust),
        "min_pages": material.min_pages,
        "max_pages": material.max_pages,
        "valid_months": material.valid_months,
        "sample": material.sample,
        "items": list(feeds[material.slot]),
    }


def _replaced(one: Replaced, feeds: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    return {
        "slot": one.material.slot,
        "name": one.material.name,
        "by": one.by,
        "licence": one.material.licence if one.by == "licence" else "",
        "promise": one.promise.name if one.promise else "",
        "items": list(feeds[one.material.slot]),
    }


def _promise(plan: CasePlan, name: str) -> dict[str, Any]:
    return {"instead_of": [r.material.slot for r in plan.replaced if r.promise and r.promise.name == name]}


def _plan(times: Schedule) -> dict[str, Any]:
    return {
        "stages": [
            {
                "number": stage.number,
                "departments": list(stage.departments),
                "items": [
                    {
                        "code": item.code,
                        "after": list(item.after),
                        "statutory_days": item.days.statutory if item.days else None,
                        "promised_days": item.days.promised if item.days else None,
                    }
                    for item in stage.items
                ],
            }
            for stage in times.stages
        ],
        "statutory_days": times.statutory_days,
        "promised_days": times.promised_days,
        "days_one_by_one": times.days_one_by_one,
        "unknown_days": list(times.unknown_days),
    }
