"""The operator's page of cases: so that somebody who tries the platform out can play a department."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from backend.page_frame import frame, headers_for, lines
from backend.standing import DepartmentView, Standing
from backend.tickets import TicketRow, TicketState
from backend.words import ENDED, Said, State, sentences_of, words

MOST = 50  #: cases on the page; chosen, to be read and not to be scrolled for ever
_STYLE = (
    "body{font:17px/1.5 system-ui,'Noto Sans SC',sans-serif;margin:24px;color:#1c2733;background:#fff}"
    "h1{margin:0}small{display:block;color:#5b6b7a;font-size:13px}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:10px 12px;border-top:1px solid #d5dde5}th{border-top:0}"
    ".part{margin-bottom:14px}.bad{color:#a40000;font-weight:bold}.sample{color:#7a5a00}"
    "form{display:inline}button{font:inherit;padding:4px 14px;margin:4px 8px 4px 0;cursor:pointer}"
    "details{display:inline-block;margin:4px 0}input,select{font:inherit;margin:4px 8px 4px 0}"
)
HEADERS = headers_for(_STYLE)  #: of the page


@dataclass(frozen=True, slots=True)
class CaseShown:
    """One case on the page."""

    standing: Standing
    sample: bool
    level: int | None  #: how it was rated
    choices: tuple[tuple[str, str], ...]  #: what can be asked for again: value in the form, what is shown


def _words() -> dict[str, Said]:
    return sentences_of("cases_words.toml")


def _short(key: str) -> str:
    said = _words()[key]
    return f"{escape(said.chinese)} <small>{escape(said.english)}</small>"


def _hidden(**told: str) -> str:
    return "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in told.items()
    )


def _buttons(action: str, choices: dict[str, str], **told: str) -> str:
    """One form with a button for each choice: what it does, and the key of what it is called."""
    buttons = "".join(
        f'<button name="do" value="{escape(do)}">{escape(_words()[key].chinese)}</button>'
        for do, key in choices.items()
    )
    return f'<form method="post" action="{escape(action)}">{_hidden(**told)}{buttons}</form>'


def _part(part: DepartmentView, shown: CaseShown, token: str) -> str:
    items = "、".join(item.name or item.code for item in part.items)
    state = _state(part.state)
    own = f"：{part.what}" if part.what != state else ""
    said = f"<b>{escape(part.department)}</b> {escape(state + own)}<small>{escape(items)}</small>"
    if part.state in ENDED:
        return f'<div class="part">{said}</div>'
    action = f"cases/{shown.standing.case_id}"
    told = {"token": token, "department": part.department}
    buttons = _buttons(action, {"accepted": "accept", "finished": "finish"}, **told)
    return f'<div class="part">{said}{buttons}{_correction(action, shown, told)}</div>'


def _correction(action: str, shown: CaseShown, told: dict[str, str]) -> str:
    if not shown.choices:
        return ""
    options = "".join(
        f'<option value="{escape(value)}">{escape(name)}</option>' for value, name in shown.choices
    )
    return (
        f"<details><summary>{escape(_words()['correct'].chinese)}</summary>"
        f'<form method="post" action="{escape(action)}">{_hidden(do="correction", **told)}'
        f'<label>{escape(_words()["what"].chinese)} <select name="what">{options}</select></label>'
        f"<label>{escape(_words()['reason'].chinese)} "
        '<input name="reason" required maxlength="200" size="24"></label>'
        f"<button>{escape(_words()['send'].chinese)}</button></form></details>"
    )


def _state(state: State) -> str:
    return words()[state].what


def _row(shown: CaseShown, token: str) -> str:
    case = shown.standing
    state = escape(_state(case.state))
    if case.correction is not None:
        state += f"<small>{escape(_words()['asked'].chinese.format(reason=case.correction.reason))}</small>"
    if shown.level is not None:
        state += f"<small>{escape(_words()['evaluated'].chinese.format(level=shown.level))}</small>"
    sample = f' <span class="sample">{escape(_words()["sample"].chinese)}</span>' if shown.sample else ""
    parts = "".join(_part(part, shown, token) for part in case.departments)
    cells = [
        escape(case.acceptance_number),
        f"{escape(case.matter)}{sample}<small>{escape(case.matter_code)}</small>",
        state,
        parts,
    ]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _ticket(ticket: TicketRow, token: str) -> str:
    said = " ".join(filter(None, (ticket.name, ticket.phone, ticket.when, ticket.text)))
    told = escape(said) if ticket.readable else escape(_words()["unreadable"].chinese)
    action = f"cases/tickets/{ticket.message_id}"
    states = (state for state in (TicketState.CALLED, TicketState.CLOSED) if state is not ticket.state)
    buttons = _buttons(action, {state.value: state.value for state in states}, token=token)
    cells = [escape(ticket.ticket), escape(ticket.matter or ""), told, buttons]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def page(cases: Sequence[CaseShown], tickets: Sequence[TicketRow], token: str, *, refused: bool) -> str:
    """All cases, then the tickets that are not closed. `token` goes into every form."""
    said = f'<p class="bad">{lines(_words()["refused"])}' if refused else ""
    head = "".join(f"<th>{_short(name)}</th>" for name in ("number", "matter", "state", "departments"))
    table = (
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(_row(each, token) for each in cases)}</tbody></table>"
        if cases
        else f"<p>{lines(_words()['none'])}"
    )
    waiting = (
        f"<table><tbody>{''.join(_ticket(each, token) for each in tickets)}</tbody></table>"
        if tickets
        else f"<p>{lines(_words()['no_tickets'])}"
    )
    return frame(
        _words()["title"].chinese,
        f"<h1>{lines(_words()['title'])}</h1>{said}<p>{lines(_words()['lead'], most=MOST)}{table}"
        f"<h2>{lines(_words()['tickets'])}</h2>{waiting}",
        _STYLE,
    )
