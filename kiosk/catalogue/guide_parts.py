"""The parts of a guide: each is a function from what is told to a section. See `kiosk.catalogue.guide`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kiosk.catalogue.combine import Answers, fewest, questions
from kiosk.catalogue.model import CasePlan, Item, Material, Matter
from kiosk.catalogue.offices import Here, Offices, contacts, points
from kiosk.catalogue.reductions import reductions
from kiosk.catalogue.schedule import schedule
from kiosk.catalogue.terms import Delivery
from kiosk.words import Words

_NOTICE = ("what", "who_for", "who_decides", "how_long", "fee")
_SAVED = ("forms", "materials", "visits", "steps")


@dataclass(frozen=True, slots=True)
class GuideSection:
    """A heading and what stands below it: a table, or plain lines when it has no columns."""

    name: str  #: "materials" …; see `guide.heading` in words
    title: str
    columns: tuple[str, ...]  #: () for plain lines
    rows: tuple[tuple[str, ...], ...]  #: each as long as `columns`; of one cell without columns

    @property
    def shown(self) -> tuple[int, ...]:
        """The positions of the columns in which anything stands."""
        return tuple(at for at in range(len(self.columns)) if at == 0 or any(row[at] for row in self.rows))

    @property
    def lines(self) -> tuple[str, ...]:
        """The same for narrow paper: one line a row; cells after the first say under which column they stand."""
        return tuple(self._line(row) for row in self.rows)

    def _line(self, row: tuple[str, ...]) -> str:
        named = (f"{column}：{cell}" for column, cell in zip(self.columns[1:], row[1:], strict=True) if cell)
        return "；".join((row[0], *named)) if self.columns else row[0]


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that a guide tells of."""

    matter: Matter
    answers: Answers  #: None: whatever may be answered
    plan: CasePlan
    words: Words
    offices: Offices
    here: Here

    def lines(self, name: str, lines: Iterable[str]) -> GuideSection:
        """A section of plain lines; blank ones are left out."""
        title = self.words(f"guide.heading.{name}")
        return GuideSection(name, title, (), tuple((line,) for line in lines if line))

    def table(self, name: str, columns: Iterable[str], rows: Iterable[tuple[str, ...]]) -> GuideSection:
        """A section with columns, named as in `guide.column`."""
        heads = tuple(self.words(f"guide.column.{column}") for column in columns)
        return GuideSection(name, self.words(f"guide.heading.{name}"), heads, tuple(rows))

    def joined(self, names: Iterable[str]) -> str:
        """、 between them."""
        return self.words("guide.join").join(names)


def basics(told: Told) -> GuideSection:
    """What it is called and whose it is."""
    matter, words = told.matter, told.words
    partners = told.joined(matter.partners)
    if partners and matter.open_ended:
        partners = words("guide.basics.partners_more", names=partners)
    minutes = words("guide.basics.minutes_value", minutes=matter.minutes) if matter.minutes else ""
    applicants = told.joined(words(f"guide.applicant.{who}") for who in matter.applicants)
    pairs = (
        ("code", matter.code),
        ("aliases", told.joined(matter.aliases)),
        ("lead", matter.lead),
        ("partners", partners),
        ("applicants", applicants if matter.complete else ""),
        ("minutes", minutes),
        ("version", matter.version if matter.complete else ""),
    )
    shown = [f"{words(f'guide.basics.{name}')}：{value}" for name, value in pairs if value]
    if matter.complete:
        shown.append(words("guide.sample_note") if matter.sample else "")
    else:
        shown.append(words("guide.not_here"))
    return told.lines("basics", shown)


def notice(told: Told) -> GuideSection:
    """一次告知"""
    known = told.matter.notice
    said = ((name, getattr(known, name)) for name in _NOTICE) if known is not None else ()
    return told.lines("notice", (f"{told.words(f'guide.notice.{name}')}：{text}" for name, text in said))


def situations(told: Told) -> GuideSection:
    """The questions and what may be answered."""
    asked = told.matter.questions if told.answers is None else questions(told.matter, told.answers)
    rows = ((question.text, told.joined(c.label for c in question.choices)) for question in asked)
    return told.table("situations", ("situation", "choices"), rows)


def materials(told: Told) -> GuideSection:
    """Every paper once: what of it, where from, and what may stand for it."""
    rows = (_material(told, material) for material in told.plan.materials)
    return told.table("materials", ("material", "pages", "paper", "source", "instead"), rows)


def _material(told: Told, material: Material) -> tuple[str, ...]:
    words = told.words
    name = "pages_one" if material.min_pages == material.max_pages else "pages"
    pages = words(f"guide.material.{name}", least=material.min_pages, most=material.max_pages)
    paper = words(f"guide.material.{material.paper}")
    if material.valid_months:
        paper += words("guide.join") + words("guide.material.valid", months=material.valid_months)
    instead = []
    if not any(material.slot in item.insists for item in told.plan.items):
        if material.licence:
            instead.append(words("guide.material.licence", name=material.licence))
        if material.promise:
            instead.append(words("guide.material.promise"))
    shown = material.name
    if told.answers is None and _sometimes(told.plan.items, material.slot):
        shown += f"（{words('guide.material.when')}）"
    return shown, pages, paper, material.source, told.joined(instead)


def _sometimes(items: Iterable[Item], slot: str) -> bool:
    """Whether no item that always applies always needs it."""
    return all(item.when or rules for item in items for wanted, rules in item.materials if wanted == slot)


def items(told: Told) -> GuideSection:
    """What is done together, by whom, with what result and in what time."""
    rows = []
    for item in told.plan.items:
        marks = (
            told.words("guide.item.town") if item.level == "town" else "",
            "" if item.online else told.words("guide.item.offline"),
        )
        shown = [mark for mark in marks if mark]
        more = (
            told.words(f"guide.item.{key}", text=text)
            for key, text in (("conditions", item.conditions), ("basis", item.basis), ("fee", item.fee))
            if text
        )
        name = f"{item.name}（{told.joined(shown)}）" if shown else item.name
        days = ""
        if item.days is not None:
            days = told.words("guide.item.days", promised=item.days.promised, statutory=item.days.statutory)
        rows.append(("\n".join((name, *more)), item.department, item.result, days))
    return told.table("items", ("item", "department", "result", "days"), rows)


def flow(told: Told) -> GuideSection:
    """Who works beside whom, and after whom."""
    rows = []
    for stage in schedule(told.plan.items).stages if told.matter.complete else ():
        for department in stage.departments:
            names = told.joined(item.name for item in stage.items if item.department == department)
            rows.append((told.words("guide.stage", number=stage.number), department, names))
    return told.table("flow", ("stage", "who", "what"), rows)


def in_person(told: Told) -> GuideSection:
    """What needs the citizen herself, and the nearest place for it."""
    rows = []
    for item in told.plan.items:
        if item.in_person is not None:
            places = points(told.offices, told.matter, item, told.here)
            where = (_place(told, p.name, p.address, p.hours) for p in places)
            rows.append((item.name, item.in_person.why, "\n".join(where)))
    return told.table("in_person", ("item", "why", "where"), rows)


def _place(told: Told, name: str, address: str, hours: str) -> str:
    known = "，".join(part for part in (address, hours) if part)
    return told.words(
        "guide.contact.point", name=name, address=known or told.words("guide.contact.no_address")
    )


def promises(told: Told) -> GuideSection:
    """告知承诺: instead of which paper, and what a false promise means."""
    rows = []
    for promise in told.matter.promises:
        papers = [m.name for m in told.plan.materials if m.promise == promise.name]
        if papers:
            rows.append((promise.title, told.joined(papers), promise.false_means))
    return told.table("promises", ("promise", "material", "false_means"), rows)


def form(told: Told) -> GuideSection:
    """What the one form asks, part by part."""
    rows = ((s.name, told.joined(field.label for field in s.fields)) for s in told.plan.sections)
    return told.table("form", ("section", "fields"), rows)


def days(told: Told) -> GuideSection:
    """How long it takes together and one by one."""
    times = schedule(told.plan.items)
    known = len(times.unknown_days) < len(told.plan.items)
    lines = []
    if told.matter.complete and known:
        together = {"promised": times.promised_days, "statutory": times.statutory_days}
        lines.append(told.words("guide.days.together", **together))
        lines.append(told.words("guide.days.one_by_one", days=times.days_one_by_one))
        if times.unknown_days:
            lines.append(told.words("guide.days.unknown", count=len(times.unknown_days)))
    return told.lines("days", lines)


def delivery(told: Told) -> GuideSection:
    """How a result reaches her: what the matter offers, and what single items add."""
    offered: dict[Delivery, None] = dict.fromkeys(told.matter.delivery)
    offered |= dict.fromkeys(way for item in told.plan.items for way in item.delivery)
    ways = offered if told.matter.complete else ()
    return told.lines("delivery", (told.words(f"guide.delivery.{way}") for way in ways))


def saved(told: Told) -> GuideSection:
    """少填几张表，少交几份材料，少跑几次: counted, at best."""
    rows: list[tuple[str, ...]] = []
    if told.matter.complete:
        counted = reductions(told.matter, fewest(told.matter, told.answers))
        for name in _SAVED:
            before, after = getattr(counted, name)
            rows.append((told.words(f"guide.saved.{name}"), str(before), str(after)))
    return told.table("saved", ("saving", "before", "after"), rows)


def elsewhere(told: Told) -> GuideSection:
    """What cannot be done at a terminal."""
    return told.lines("elsewhere", told.matter.notice.not_here if told.matter.notice else ())


def afterwards(told: Told) -> GuideSection:
    """What happens after the hand-in."""
    return told.lines("afterwards", told.matter.notice.next_steps if told.matter.notice else ())


def ask(told: Told) -> GuideSection:
    """Whom to ask: what the package says, then numbers, then places of this matter."""
    return told.lines("ask", _asked(told))


def _asked(told: Told) -> Iterator[str]:
    words, hotline = told.words, told.here.hotline or told.offices.hotline.number
    if told.matter.notice is not None:
        yield told.matter.notice.ask
    for contact in contacts(told.offices, told.matter, told.here):
        kind = contact.kind if contact.number else f"{contact.kind}_unknown"
        facts = {"name": contact.name, "number": contact.number, "hotline": hotline}
        yield words(f"guide.contact.{kind}", **facts)
    for point in points(told.offices, told.matter, None, told.here):
        yield _place(told, point.name, point.address, point.hours)
