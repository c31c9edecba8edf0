"""Every delay of a visit, in one table. Defaults here; `config/terminal.toml` [journey] overrides them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """Seconds. Chosen by us for a first-time visitor of 72 years, except where a source is named."""

    patience_s: float = (
        120.0  #: without a touch, until the visit ends; VVSG asks for an alert at 45 s or later
    )
    warning_s: float = 30.0  #: the last part of the patience, shown as a countdown over the whole screen
    after_hand_in_s: float = 60.0  #: the same patience once the case is safe: nothing can be lost any more
    countdown_s: float = 2.0  #: a sheet that lies still is taken by itself after this long, visibly counted
    delivery_wait_s: float = 10.0  #: how long the hand-in screen waits for the backend's case number
    delivery_wait_offline_s: float = 1.5  #: the same when the link is known to be down
    slow_after_s: float = (
        1.5  #: how long the platform may think until she reads that the line is slow or gone; see ADR 0093
    )
    ask_wait_s: float = (
        20.0  #: how long she waits for what only the platform can tell, such as how far a case is
    )
    earlier_s: float = 8.0  #: how long the platform is waited for when it looks up what is known of her
    to_evaluation_s: float = 12.0  #: from the printed receipt to the evaluation, which follows by itself
    goodbye_s: float = 8.0  #: how long the goodbye stays before the idle screen
    sorry_s: float = 15.0  #: how long an apology stays
    reveal_s: float = 8.0  #: how long something secret is seen after she touched it
    away_after_s: float = (
        1.0  #: how long the sensor must miss her until what is hers is covered; sensors flicker
    )
    away_pace: float = 2.0  #: so many times as fast patience runs while the sensor misses her; no seconds
    attract_s: float = 12.0  #: how long each page of the idle screen stays
    dim_after_s: float = 60.0  #: at night, how long the idle screen stays bright for whoever passes by
    clean_question_s: float = 15.0  #: how long it is asked whether the glass is to be wiped
    cleaning_s: float = 60.0  #: how long touches are off while the glass is wiped
    rating_window_s: int = 60  #: how long the keypad's keys are lit


DEFAULTS = Delays()
