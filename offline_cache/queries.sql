-- Every statement of the outbox, by name (`named_queries.py` reads this file).

-- name: reserve_number
UPDATE terminal SET last_number = last_number + 1 RETURNING last_number;

-- name: raise_number
UPDATE terminal SET last_number = max(last_number, :least);

-- name: add_item
INSERT INTO items (kind, after, state, bytes, came_at, came_era, came_instant, marker)
VALUES (:kind, :after, :state, :bytes, :at, :era, :instant, :marker);

-- name: add_case
INSERT INTO cases (place, case_id, local_number, matter_code, part_count)
VALUES (:place, :case_id, :local_number, :matter_code, :part_count);

-- name: add_part
INSERT INTO parts (place, part, file, sha256, bytes) VALUES (:place, :part, :file, :sha256, :bytes);

-- name: add_evaluation
INSERT INTO evaluations (place, case_place, level, reasons, channel, at, indicators_version)
VALUES (:place, :case_place, :level, :reasons, :channel, :at, :indicators_version);

-- name: add_message
INSERT INTO messages (place, message_id, kind, about, body, at)
VALUES (:place, :message_id, :kind, :about, :body, :at);

-- name: message_to_deliver
SELECT items.place, items.tries, messages.message_id, messages.kind, messages.about, messages.at, messages.body
FROM items JOIN messages USING (place)
WHERE items.place = :place;

-- name: find_message
SELECT items.place, items.state, items.held_by, items.marker
FROM messages JOIN items USING (place) WHERE messages.message_id = :message_id;

-- name: wipe_message
UPDATE messages SET body = NULL WHERE place = :place AND message_id = :message_id;

-- The oldest of a kind that nobody is sending; two of them are merged when there are too many.
-- name: oldest_messages
SELECT messages.place, messages.body, messages.at
FROM items JOIN messages USING (place)
WHERE items.state = 'waiting' AND items.held_by IS NULL AND messages.kind = :kind AND messages.about IS NULL
ORDER BY items.place
LIMIT 2;

-- name: count_messages
SELECT count(*) FROM items JOIN messages USING (place) WHERE items.state = 'waiting' AND messages.kind = :kind;

-- name: set_body
UPDATE messages SET body = :body WHERE place = :place;

-- name: drop_message
DELETE FROM messages WHERE place = :place;

-- name: drop_item
DELETE FROM items WHERE place = :place;

-- name: messages
SELECT messages.message_id, messages.kind, messages.about, items.state, items.bytes, items.tries,
       items.error_code, items.error_since, items.came_at, items.delivered_at, items.held_by, items.held_era,
       items.held_until
FROM messages JOIN items USING (place)
WHERE (:message_id IS NULL OR messages.message_id = :message_id) AND (NOT :open_only OR items.state <> 'delivered')
ORDER BY messages.place DESC
LIMIT :most;

-- name: evaluation_of
SELECT place, held_by FROM evaluations JOIN items USING (place) WHERE case_place = :case_place;

-- name: lease_holders
SELECT DISTINCT held_by FROM items WHERE held_by IS NOT NULL;

-- name: drop_leases
UPDATE items SET held_by = NULL, held_era = NULL, held_until = NULL WHERE held_by = :worker;

-- A hold counts only in its own era, and never for longer than anything is ever held: an instant that lies further
-- ahead than that comes from a clock that was not this one.
-- name: next_item
SELECT place, kind, marker FROM items
WHERE state = 'waiting'
  AND NOT (held_until IS NOT NULL AND held_era = :era AND held_until > :now AND held_until <= :now + :longest)
ORDER BY place
LIMIT 1;

-- The same of what may be sent now; read past what may not.
-- name: next_allowed_item
SELECT place, kind, marker FROM items
WHERE state = 'waiting' AND instr(:kinds, kind) > 0 AND (:most_bytes IS NULL OR bytes <= :most_bytes)
  AND NOT (held_until IS NOT NULL AND held_era = :era AND held_until > :now AND held_until <= :now + :longest)
ORDER BY place
LIMIT 1;

-- name: hold
UPDATE items SET held_by = :worker, held_era = :era, held_until = :until WHERE place = :place;

-- name: keep_lease
UPDATE items SET held_era = :era, held_until = :until
WHERE place = :place AND state = 'waiting' AND held_by = :worker;

-- name: release
UPDATE items SET held_by = NULL, held_era = NULL, held_until = NULL WHERE place = :place AND held_by = :worker;

-- name: case_to_deliver
SELECT items.place, items.tries, items.came_at, cases.case_id
FROM items JOIN cases USING (place) WHERE items.place = :place;

-- name: parts_of
SELECT part, file, sha256, bytes, location FROM parts WHERE place = :place ORDER BY part;

-- name: marker_of
SELECT marker FROM items WHERE place = :place AND marker IS NOT NULL;

-- name: take_marker
UPDATE items SET marker = NULL WHERE place = :place;

-- name: evaluation_to_deliver
SELECT items.place, items.tries, cases.case_id, level, reasons, channel, at, indicators_version
FROM items
JOIN evaluations USING (place)
JOIN cases ON cases.place = evaluations.case_place
WHERE items.place = :place;

-- name: note_location
UPDATE parts SET location = :location WHERE file = :file;

-- name: finish_item
UPDATE items
SET state = 'delivered', delivered_at = :at, suspect = 0, error_code = NULL, error_since = NULL,
    held_by = NULL, held_era = NULL, held_until = NULL
WHERE place = :place AND state <> 'delivered';

-- name: holder_of_local_number
SELECT place FROM cases WHERE local_number = :local_number;

-- name: holder_of_number
SELECT place FROM cases WHERE acceptance_number = :acceptance_number;

-- name: give_acceptance_number
UPDATE cases SET acceptance_number = :acceptance_number WHERE place = :place;

-- name: drop_parts
DELETE FROM parts WHERE place = :place;

-- name: wipe_evaluation
UPDATE evaluations SET level = NULL, reasons = NULL, rated_before = :rated_before WHERE place = :place;

-- name: wake_followers
UPDATE items SET state = 'waiting' WHERE after = :place AND state = 'later';

-- Something was just taken, so the platform works: what failed before it failed by itself.
-- name: blame_suspects
UPDATE items SET blame = blame + 1, suspect = 0 WHERE suspect = 1;

-- name: fail_item
UPDATE items
SET tries = tries + 1, suspect = :suspect,
    error_since = CASE WHEN error_code = :code THEN error_since ELSE :at END, error_code = :code,
    held_by = NULL, held_era = :era, held_until = :until
WHERE place = :place AND state = 'waiting' AND held_by = :worker
RETURNING tries, blame;

-- name: stick_item
UPDATE items
SET state = 'stuck', suspect = 0,
    error_since = CASE WHEN error_code = :code THEN error_since ELSE :at END, error_code = :code,
    held_by = NULL, held_era = NULL, held_until = NULL
WHERE place = :place AND state = 'waiting';

-- name: retry_item
UPDATE items
SET state = CASE state WHEN 'stuck' THEN 'waiting' ELSE state END, tries = 0, blame = 0, suspect = 0,
    held_by = NULL, held_era = NULL, held_until = NULL
WHERE (place = :place OR after = :place) AND state IN ('waiting', 'stuck') AND held_by IS NULL;

-- name: find_case
SELECT items.place, items.state, items.held_by, items.marker, cases.acceptance_number
FROM cases JOIN items USING (place) WHERE cases.case_id = :case_id;

-- name: find_numbered
SELECT case_id FROM cases WHERE local_number = :local_number;

-- name: cases
SELECT cases.case_id, cases.local_number, cases.matter_code, cases.acceptance_number, cases.part_count,
       items.bytes, items.state, items.tries, items.error_code, items.error_since, items.came_at,
       items.delivered_at, items.held_by, items.held_era, items.held_until,
       CASE WHEN evaluations.rated_before THEN 'rated_before' ELSE evaluation.state END AS evaluation
FROM cases
JOIN items USING (place)
LEFT JOIN evaluations ON evaluations.case_place = cases.place
LEFT JOIN items AS evaluation ON evaluation.place = evaluations.place
WHERE (:case_id IS NULL OR cases.case_id = :case_id) AND (NOT :open_only OR items.state <> 'delivered')
ORDER BY cases.place DESC
LIMIT :most;

-- name: open_items
SELECT place, kind, marker FROM items WHERE state <> 'delivered' ORDER BY place;

-- name: newest
SELECT coalesce(max(place), 0) FROM items;

-- name: count_waiting
SELECT count(*) FILTER (WHERE kind = 'case') AS cases, count(*) FILTER (WHERE kind = 'evaluation') AS evaluations,
       count(*) FILTER (WHERE kind = 'message') AS messages, coalesce(sum(bytes), 0) AS bytes
FROM items WHERE state = 'waiting';

-- name: count_stuck
SELECT count(*) AS items, coalesce(sum(bytes), 0) AS bytes FROM items WHERE state = 'stuck';

-- name: count_later
SELECT count(*) FILTER (WHERE kind = 'evaluation') AS evaluations,
       count(*) FILTER (WHERE kind = 'message') AS messages
FROM items WHERE state = 'later';

-- name: count_sending
SELECT count(*) FROM items
WHERE held_by IS NOT NULL AND state = 'waiting' AND held_era = :era AND held_until > :now;

-- name: count_delivered
SELECT count(*) AS ever, count(*) FILTER (WHERE delivered_at >= :since) AS today
FROM items WHERE kind = 'case' AND state = 'delivered';

-- name: oldest_open_case
SELECT came_at, came_era, came_instant FROM items
WHERE kind = 'case' AND state = :state ORDER BY place LIMIT 1;

-- name: last_error
SELECT error_code, error_since FROM items
WHERE state = :state AND error_code IS NOT NULL ORDER BY error_since DESC LIMIT 1;

-- name: link
SELECT link, link_code, link_since FROM terminal;

-- name: note_link
UPDATE terminal SET link = :link, link_code = :code, link_since = :at
WHERE link <> :link OR link_code IS NOT :code;

-- name: wanted_files
SELECT file FROM parts UNION ALL SELECT marker FROM items WHERE marker IS NOT NULL;

-- name: note
INSERT INTO notes (name, value, since) VALUES (:what, :value, :at)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, since = excluded.since WHERE value <> excluded.value;

-- name: noted
SELECT value, since FROM notes WHERE name = :what;

-- What stands in the way of a new database: what the spool held is not in it yet.
-- name: adopted
SELECT adopted FROM terminal;

-- name: set_adopted
UPDATE terminal SET adopted = 1, last_number = max(last_number, :last_number);
