-- What the provider does wrong on request. They go with their customer, and
-- those of one client with it.
CREATE TABLE faults (
    customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    id          TEXT NOT NULL,
    position    INTEGER NOT NULL,
    client_id   TEXT,
    -- The configuration API's JSON.
    document    TEXT NOT NULL,
    -- How often it happens; for good when there is none.
    times       INTEGER,
    -- How often it happened. Never more than `times`.
    hits        INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (customer_id, id),
    FOREIGN KEY (customer_id, client_id) REFERENCES clients (customer_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX faults_client ON faults (customer_id, client_id);
