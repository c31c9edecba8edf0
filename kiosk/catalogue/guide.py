"""办事指南: everything that one should know of a matter, as sections of plain text. Pure.

The printed notice, the PDF and the web page are drawn from these same sections.
"""

from kiosk.catalogue import guide_parts as parts
from kiosk.catalogue.combine import Answers, combine
from kiosk.catalogue.guide_parts import GuideSection, Told
from kiosk.catalogue.model import Matter
from kiosk.catalogue.offices import NOWHERE, ONLY_THE_HOTLINE, Here, Offices
from kiosk.words import Words

__all__ = ["GuideSection", "guide", "guide_title"]

_PARTS = (
    parts.basics,
    parts.notice,
    parts.situations,
    parts.materials,
    parts.promises,
    parts.items,
    parts.flow,
    parts.days,
    parts.in_person,
    parts.form,
    parts.delivery,
    parts.saved,
    parts.elsewhere,
    parts.afterwards,
    parts.ask,
)


def guide(
    matter: Matter,
    words: Words,
    answers: Answers = None,
    offices: Offices = ONLY_THE_HOTLINE,
    here: Here = NOWHERE,
) -> tuple[GuideSection, ...]:
    """The guide to `matter` for one set of answers, or (None) for whatever may be answered. No section is empty.

    A matter without a package says who handles it and whom to ask, and that it cannot be handed in here.
    `GuideSection.lines` is the text for narrow paper.
    """
    told = Told(matter, answers, combine(matter, answers), words, offices, here)
    drawn = (part(told) for part in _PARTS)
    return tuple(section for section in drawn if section.rows)


def guide_title(matter: Matter, words: Words) -> str:
    """What stands above it all; says 示例 when the matter's package is a sample."""
    title = words("guide.title", name=matter.name)
    return f"{title}（{words('guide.sample')}）" if matter.sample else title
