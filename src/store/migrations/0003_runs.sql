-- Runs of the playground. An empty body marks a tombstone: the run expired,
-- and only that it existed is still known.

CREATE TABLE runs (
    -- Tells apart runs of the same second.
    number      INTEGER PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    id          TEXT NOT NULL,
    state       TEXT NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('pending', 'finished')),
    body        TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    UNIQUE (customer_id, id)
) STRICT;

CREATE INDEX runs_state ON runs (customer_id, state);
CREATE INDEX runs_newest ON runs (customer_id, created_at, number);
CREATE INDEX runs_expiry ON runs (expires_at) WHERE body <> '';
CREATE INDEX runs_expiry_tombstones ON runs (expires_at) WHERE body = '';
