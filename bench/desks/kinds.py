"""The kinds of desk with one sheet on it. One hardship a kind is about; light, lens, sensor and paper vary in all."""

from numpy.random import Generator

from bench.desks.cards import any_booklet, any_card
from bench.desks.scene import ORDINARY, Plan
from bench.desks.sheets import Draw
from bench.desks.wear import bulged, creased, folded_corner, punched, torn_corner


def _cards(_: Generator) -> Draw:
    return any_card


def _booklets(_: Generator) -> Draw:
    return any_booklet


KINDS: dict[str, Plan] = {
    "wood": Plan(("wood",)),
    "dark": Plan(("dark",)),
    "white": Plan(("white",)),
    "near_white": Plan(("near_white",)),
    "stripes": Plan(("stripes",)),
    "cloth": Plan(("cloth",)),
    "tiles": Plan(("tiles",)),
    "stone": Plan(("stone",)),
    "clutter": Plan(ORDINARY, share=(0.15, 0.6), things=(2, 6), papers=0.7),
    "finger": Plan((*ORDINARY, "white"), share=(0.15, 0.7), finger=True),
    "shadow": Plan((*ORDINARY, "white"), shadow="cast"),
    "glare": Plan((*ORDINARY, "white", "tiles"), glare=True),
    "torn": Plan(ORDINARY, wear=(torn_corner, folded_corner, folded_corner, punched)),
    "card": Plan(ORDINARY, _cards, share=(0.06, 0.5)),
    "booklet": Plan(ORDINARY, _booklets, share=(0.08, 0.7)),
    "curved": Plan(ORDINARY, wear=(bulged, bulged, creased)),
}
