-- The outbox can be rebuilt from the spool, carries messages beside cases, and remembers how the clock is.
-- SQLite cannot change a CHECK in place, so three tables are made anew; `store.py` switches foreign keys off meanwhile
-- and checks them afterwards.

CREATE TABLE new_terminal (
    only_row    INTEGER PRIMARY KEY CHECK (only_row = 1),
    last_number INTEGER NOT NULL DEFAULT 0,           -- counter of local numbers
    link        TEXT NOT NULL DEFAULT 'unknown' CHECK (link IN ('unknown', 'up', 'down', 'portal', 'limited')),
    link_code   TEXT,                                 -- error code while the link is not up
    link_since  TEXT,                                 -- wall clock, for people
    adopted     INTEGER NOT NULL DEFAULT 0            -- 1: what the spool held when this file was made is in it
) STRICT;

INSERT INTO new_terminal (only_row, last_number, link, link_code, link_since)
SELECT only_row, last_number, link, link_code, link_since FROM terminal;

DROP TABLE terminal;

ALTER TABLE new_terminal RENAME TO terminal;

-- As in 0001, with messages, and with the name of the marker that a sealed unit left in the spool.
CREATE TABLE new_items (
    place        INTEGER PRIMARY KEY,                 -- order of arrival; no clock involved; the newest is never dropped
    kind         TEXT NOT NULL CHECK (kind IN ('case', 'evaluation', 'message')),
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
    marker       TEXT,                                -- name in the spool; NULL for what has no sealed files
    CHECK ((state = 'delivered') = (delivered_at IS NOT NULL))
) STRICT;

INSERT INTO new_items
SELECT place, kind, after, state, bytes, came_at, came_era, came_instant, tries, suspect, blame, error_code,
       error_since, held_by, held_era, held_until, delivered_at, NULL
FROM items;

CREATE TABLE new_parts (
    place    INTEGER NOT NULL REFERENCES items (place),
    part     TEXT NOT NULL,                           -- p00 is the manifest
    file     TEXT NOT NULL UNIQUE,                    -- name in the spool
    sha256   TEXT NOT NULL CHECK (length(sha256) = 64), -- of the sealed bytes
    bytes    INTEGER NOT NULL,                        -- sealed; the file has a header besides
    location TEXT,                                    -- where its upload can be resumed
    PRIMARY KEY (place, part)
) STRICT, WITHOUT ROWID;

INSERT INTO new_parts SELECT place, part, file, sha256, bytes, location FROM parts;

DROP TABLE parts;

DROP TABLE items;

ALTER TABLE new_items RENAME TO items;

ALTER TABLE new_parts RENAME TO parts;

CREATE INDEX items_waiting ON items (place) WHERE state = 'waiting';
CREATE INDEX items_later ON items (after) WHERE state = 'later';
CREATE INDEX items_stuck ON items (place) WHERE state = 'stuck';
CREATE INDEX items_leased ON items (place) WHERE held_by IS NOT NULL;
CREATE INDEX items_suspect ON items (place) WHERE suspect = 1;
CREATE INDEX items_delivered ON items (kind, delivered_at) WHERE state = 'delivered';

-- Corrections, hardship reports, device events: whatever is neither a case nor an evaluation. What is personal in one
-- lies sealed in the spool (table parts); delivery wipes the body.
CREATE TABLE messages (
    place      INTEGER PRIMARY KEY REFERENCES items (place),
    message_id TEXT NOT NULL CHECK (length(message_id) = 36), -- made here; the platform knows a repetition by it
    kind       TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 32),
    about      TEXT,                                  -- id of the case to which it belongs
    body       TEXT,                                  -- JSON, nothing personal
    at         TEXT NOT NULL
) STRICT;

-- Small facts that one process leaves for the other, such as how the clock was found.
CREATE TABLE notes (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    since TEXT NOT NULL                               -- wall clock, when the value became this one
) STRICT, WITHOUT ROWID;
