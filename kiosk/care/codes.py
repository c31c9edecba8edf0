"""Codes of what the terminal finds about itself: M…, the machine. The sentences are `errors.M….hint` and `.citizen`."""

from collections.abc import Mapping

LOW_ROOM = "M101"
DISK_FAILING = "M102"
DISK_WORN = "M103"
HOT = "M104"
SHORT_OF_MEMORY = "M105"
NOT_SYNCHRONISED = "M106"
CLOCK_BATTERY = "M107"
CERTIFICATE_SOON = "M108"
AUTHORITY_EXPIRED = "M109"
STUCK = "M110"
WAITS_LONG = "M111"
LOG_FLAWED = "M112"
NO_WATCHDOG = "M113"
SETTINGS_LEFT_OUT = "M114"
OVERDUE = "M115"
SUPPLY_LOW = "M116"
NO_DISPLAY = "M117"
GROWN = "M118"
CLOCK_WENT_BACK = "M119"

#: code → what it says, for docs/errors.md
CODES: Mapping[str, str] = {
    LOW_ROOM: "The disk is nearly full, or has few inodes left.",
    DISK_FAILING: "The disk itself says that it is failing.",
    DISK_WORN: "The disk has used up most of its life.",
    HOT: "The machine is too hot.",
    SHORT_OF_MEMORY: "Programs wait for memory, or hardly any is left.",
    NOT_SYNCHRONISED: "Nobody sets the wall clock from the network.",
    CLOCK_BATTERY: "The clock on the board is wrong: its battery is probably flat.",
    CERTIFICATE_SOON: "The platform's certificate, or an authority that is believed, ends soon.",
    AUTHORITY_EXPIRED: "The authority in platform.ca_file has expired or cannot be read.",
    STUCK: "Something in the outbox cannot be sent and waits for a person.",
    WAITS_LONG: "Something in the outbox has waited too long.",
    LOG_FLAWED: "The latest file of the event log has flaws.",
    NO_WATCHDOG: "No hardware watchdog runs: a frozen machine stays frozen.",
    SETTINGS_LEFT_OUT: "Settings that the platform sent are left out, because they contradict the files here.",
    OVERDUE: "Data lies here beyond its time.",
    SUPPLY_LOW: "Paper or toner will soon be used up.",
    NO_DISPLAY: "No screen is connected.",
    GROWN: "A process has grown beyond its limit, or grows all the time; it starts itself anew when nobody is here.",
    CLOCK_WENT_BACK: "The wall clock stands before a time that was known to be right.",
}
