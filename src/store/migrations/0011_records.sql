-- What work at the playground leaves behind beside runs: administrative tokens
-- asked for, changes of the configuration, further steps of a run. Kept for a
-- while, with the tokens and transcripts they show.

CREATE TABLE records (
    -- Tells apart records of the same second.
    number      INTEGER PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    id          TEXT NOT NULL,
    kind        TEXT NOT NULL,
    -- The run or record it belongs to; empty when it stands by itself.
    parent      TEXT NOT NULL,
    body        TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    UNIQUE (customer_id, id)
) STRICT;

CREATE INDEX records_of ON records (customer_id, kind, parent, number);
CREATE INDEX records_expiry ON records (expires_at);
