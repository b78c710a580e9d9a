-- Customers and what belongs to them from the start. Everything hangs on
-- `customers` and goes with it.

CREATE TABLE customers (
    id           TEXT PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('demo', 'sandbox')),
    -- SHA-256 of the visitor's sandbox key; the demo customer has none.
    key_hash     BLOB UNIQUE,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL
) STRICT;

CREATE INDEX customers_idle ON customers (kind, last_used_at);

-- `document` is the configuration API's JSON, `position` the order of creation.
CREATE TABLE token_policies (
    customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    id          TEXT NOT NULL,
    position    INTEGER NOT NULL,
    document    TEXT NOT NULL,
    PRIMARY KEY (customer_id, id)
) STRICT;

CREATE TABLE login_policies (
    customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    id          TEXT NOT NULL,
    position    INTEGER NOT NULL,
    document    TEXT NOT NULL,
    PRIMARY KEY (customer_id, id)
) STRICT;

CREATE TABLE clients (
    customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    id          TEXT NOT NULL,
    position    INTEGER NOT NULL,
    document    TEXT NOT NULL,
    -- Readable: the configuration API returns it.
    secret      TEXT,
    PRIMARY KEY (customer_id, id)
) STRICT;

CREATE TABLE people (
    customer_id   TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    id            TEXT NOT NULL,
    position      INTEGER NOT NULL,
    document      TEXT NOT NULL,
    -- The names to sign in with: the e-mail address in small letters, and the
    -- user name as it is. No two people of a customer share one.
    email         TEXT,
    username      TEXT,
    password_hash TEXT NOT NULL,
    PRIMARY KEY (customer_id, id),
    UNIQUE (customer_id, email),
    UNIQUE (customer_id, username)
) STRICT;
