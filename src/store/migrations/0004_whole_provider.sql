-- Customers that are loaded from a file, and which of them let clients register
-- themselves. A check on a column cannot be changed, so the column is replaced.

DROP INDEX customers_idle;
ALTER TABLE customers ADD COLUMN sort TEXT NOT NULL DEFAULT 'sandbox'
    CHECK (sort IN ('demo', 'sandbox', 'fixture'));
UPDATE customers SET sort = kind;
ALTER TABLE customers DROP COLUMN kind;
ALTER TABLE customers RENAME COLUMN sort TO kind;
CREATE INDEX customers_idle ON customers (kind, last_used_at);

ALTER TABLE customers ADD COLUMN registration INTEGER NOT NULL DEFAULT 0
    CHECK (registration IN (0, 1));

-- What a client registered itself with, as JSON, and the key to it.
ALTER TABLE clients ADD COLUMN registration TEXT;
ALTER TABLE clients ADD COLUMN registration_token_hash BLOB;

-- People are asked for more than a sign-in now, and not always for a client.
-- Nobody waits longer than half an hour, so that nothing is moved over.
DROP TABLE interactions;
CREATE TABLE interactions (
    key_hash     BLOB PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    client_id    TEXT,
    browser_hash BLOB NOT NULL,
    -- What waits for the person, as JSON.
    pending      TEXT NOT NULL,
    -- What they last typed as their name.
    hint         TEXT,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    FOREIGN KEY (customer_id, client_id) REFERENCES clients (customer_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX interactions_expiry ON interactions (expires_at);
CREATE INDEX interactions_client ON interactions (customer_id, client_id);

CREATE INDEX sessions_sid ON sessions (customer_id, sid);

-- The `claims` parameter, as it was sent.
ALTER TABLE codes ADD COLUMN claims TEXT;

-- The login a person's token came from; see `codes`.
ALTER TABLE tokens ADD COLUMN requested TEXT;
ALTER TABLE tokens ADD COLUMN claims TEXT;
ALTER TABLE tokens ADD COLUMN auth_time INTEGER;
ALTER TABLE tokens ADD COLUMN sid TEXT;
-- When a refresh token was exchanged. Set once, by the statement that takes it.
ALTER TABLE tokens ADD COLUMN used_at INTEGER;

-- Forgotten passwords: who has the key may set a new one, once.
CREATE TABLE password_resets (
    key_hash    BLOB PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    person_id   TEXT NOT NULL,
    expires_at  INTEGER NOT NULL,
    FOREIGN KEY (customer_id, person_id) REFERENCES people (customer_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX password_resets_expiry ON password_resets (expires_at);
CREATE INDEX password_resets_person ON password_resets (customer_id, person_id);
