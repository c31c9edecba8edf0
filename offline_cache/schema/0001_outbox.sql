-- The outbox. No row holds anything about a person: what a citizen handed in lies sealed in the spool.

-- What this terminal remembers about itself and about the way to the platform; one row.
CREATE TABLE terminal (
    only_row    INTEGER PRIMARY KEY CHECK (only_row = 1),
    last_number INTEGER NOT NULL DEFAULT 0,           -- counter of local numbers
    link        TEXT NOT NULL DEFAULT 'unknown' CHECK (link IN ('unknown', 'up', 'down', 'portal')),
    link_code   TEXT,                                 -- error code while the link is not up
    link_since  TEXT                                  -- wall clock, for people
) STRICT;

INSERT INTO terminal (only_row) VALUES (1);

-- Everything that is to be delivered, whatever it is; what it says is in the table of its kind.
-- held_by / held_era / held_until: not to be offered before the instant held_until of the era held_era (see
-- machine.py). With a worker in held_by it is a lease; without one it is a pause after a failure.
CREATE TABLE items (
    place        INTEGER PRIMARY KEY AUTOINCREMENT,   -- order of arrival; no clock involved
    kind         TEXT NOT NULL CHECK (kind IN ('case', 'evaluation')),
    after        INTEGER REFERENCES items (place),    -- 'later' until that one is delivered
    state        TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('later', 'waiting', 'stuck', 'delivered')),
    bytes        INTEGER NOT NULL DEFAULT 0,          -- in the spool
    came_at      TEXT NOT NULL,                       -- wall clock, for people
    came_era     TEXT NOT NULL,
    came_instant REAL NOT NULL,
    tries        INTEGER NOT NULL DEFAULT 0,          -- that failed, since it came or a technician retried it
    suspect      INTEGER NOT NULL DEFAULT 0,          -- 1: failed at the platform, and nothing else was taken since
    blame        INTEGER NOT NULL DEFAULT 0,          -- how often something else was taken after it had failed
    error_code   TEXT,
    error_since  TEXT,                                -- wall clock, for people
    held_by      TEXT,
    held_era     TEXT,
    held_until   REAL,
    delivered_at TEXT,                                -- wall clock, for people
    CHECK ((state = 'delivered') = (delivered_at IS NOT NULL))
) STRICT;

CREATE INDEX items_waiting ON items (place) WHERE state = 'waiting';
CREATE INDEX items_later ON items (after) WHERE state = 'later';
CREATE INDEX items_stuck ON items (place) WHERE state = 'stuck';
CREATE INDEX items_leased ON items (place) WHERE held_by IS NOT NULL;
CREATE INDEX items_suspect ON items (place) WHERE suspect = 1;
CREATE INDEX items_delivered ON items (kind, delivered_at) WHERE state = 'delivered';

CREATE TABLE cases (
    place             INTEGER PRIMARY KEY REFERENCES items (place),
    case_id           TEXT NOT NULL UNIQUE CHECK (length(case_id) = 36),
    local_number      TEXT NOT NULL UNIQUE,
    matter_code       TEXT NOT NULL CHECK (length(matter_code) BETWEEN 1 AND 64),
    part_count        INTEGER NOT NULL,
    acceptance_number TEXT UNIQUE
) STRICT;

-- Sealed files. A file in the spool that no row names is an orphan; delivery deletes the rows, then the files.
CREATE TABLE parts (
    place    INTEGER NOT NULL REFERENCES cases (place),
    part     TEXT NOT NULL,                           -- p00 is the manifest
    file     TEXT NOT NULL UNIQUE,                    -- name in the spool
    sha256   TEXT NOT NULL CHECK (length(sha256) = 64), -- of the sealed bytes
    bytes    INTEGER NOT NULL,
    location TEXT,                                    -- where its upload can be resumed
    PRIMARY KEY (place, part)
) STRICT, WITHOUT ROWID;

-- Delivery wipes what the citizen said; that she said something stays.
CREATE TABLE evaluations (
    place              INTEGER PRIMARY KEY REFERENCES items (place),
    case_place         INTEGER NOT NULL UNIQUE REFERENCES cases (place),
    level              INTEGER CHECK (level BETWEEN 1 AND 5),
    reasons            TEXT,                          -- JSON list of codes
    channel            TEXT NOT NULL CHECK (channel IN ('screen', 'device')),
    at                 TEXT NOT NULL,
    indicators_version TEXT NOT NULL
) STRICT;
