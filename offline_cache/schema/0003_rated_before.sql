-- The platform may have been told of a case's rating before the terminal came to tell its own, from her phone.

ALTER TABLE evaluations ADD COLUMN rated_before INTEGER NOT NULL DEFAULT 0; -- 1: that one counts, ours was not taken
