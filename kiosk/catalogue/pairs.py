"""A few ways to answer that hold every pair of answers that can go together, without walking all ways. Pure."""

import itertools
from collections.abc import Collection

from kiosk.catalogue.combine import next_question
from kiosk.catalogue.model import Matter, Question

Answer = tuple[str, str]  #: question, value
Pair = frozenset[Answer]  #: two answers, or one by itself


def pairwise(matter: Matter) -> list[dict[str, str]]:
    """Ways to answer; each new one is built around a pair that is still missing, and takes along what it can."""
    missing = _possible(matter)
    chosen = []
    while missing:
        answers = _way(matter, next(iter(missing)), missing)
        chosen.append(answers)
        for pair in pairs_of(answers):
            missing.pop(pair, None)
    return chosen


def pairs_of(answers: dict[str, str]) -> set[Pair]:
    """Every pair of answers, and every answer by itself."""
    alone = {frozenset((answer,)) for answer in answers.items()}
    return alone | {frozenset(pair) for pair in itertools.combinations(answers.items(), 2)}


def _possible(matter: Matter) -> dict[Pair, None]:
    """Every pair that some way to answer holds, in order."""
    each = [[(question.name, choice.value) for choice in question.choices] for question in matter.questions]
    pairs = (pair for two in itertools.combinations(each, 2) for pair in itertools.product(*two))
    alone = ((answer,) for answers in each for answer in answers)
    return {frozenset(pair): None for pair in (*pairs, *alone) if _allowed(matter, pair) is not None}


def _allowed(matter: Matter, wanted: Collection[Answer]) -> dict[str, set[str]] | None:
    """What each question on which `wanted` depends may be answered with; None when they cannot go together.

    Exact: rules look back only, and all of them must hold, so each question has its own set and any of it will do.
    """
    questions: dict[str, Question] = {question.name: question for question in matter.questions}
    allowed = {name: {value} for name, value in wanted}
    if len(allowed) < len(wanted):
        return None
    waiting = list(allowed)
    while waiting:
        for rule in questions[waiting.pop()].when:
            before = allowed.get(rule.question, {choice.value for choice in questions[rule.question].choices})
            if rule.question not in allowed:
                waiting.append(rule.question)
            allowed[rule.question] = before & set(rule.among)
    return allowed if all(allowed.values()) else None


def _way(matter: Matter, wanted: Pair, missing: dict[Pair, None]) -> dict[str, str]:
    """A way to answer that holds `wanted` and, question by question, as many other missing pairs as it can."""
    allowed = _allowed(matter, wanted) or {}
    answers: dict[str, str] = {}
    while (question := next_question(matter, answers)) is not None:
        values = [choice.value for choice in question.choices]
        may = [value for value in values if value in allowed.get(question.name, values)]
        answers[question.name] = max(may, key=lambda value: _gain((question.name, value), answers, missing))
    return answers


def _gain(answer: Answer, answers: dict[str, str], missing: dict[Pair, None]) -> tuple[int, int]:
    """How many missing pairs an answer makes now, and how many it still could."""
    now = sum(frozenset((answer, other)) in missing for other in answers.items())
    return now, sum(answer in pair for pair in missing)
