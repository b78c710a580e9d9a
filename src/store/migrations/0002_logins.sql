-- What a login leaves behind, from the sign-in page to the tokens. The keys
-- are SHA-256 of the secrets: the file alone lets nobody in.
--
-- People and clients are referred to together with their customer, so that a
-- row cannot point across customers.

CREATE TABLE sessions (
    key_hash    BLOB PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    person_id   TEXT NOT NULL,
    sid         TEXT NOT NULL,
    auth_time   INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    FOREIGN KEY (customer_id, person_id) REFERENCES people (customer_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX sessions_expiry ON sessions (expires_at);
CREATE INDEX sessions_person ON sessions (customer_id, person_id);

CREATE TABLE interactions (
    key_hash     BLOB PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    client_id    TEXT NOT NULL,
    browser_hash BLOB NOT NULL,
    -- The authorization request as JSON.
    request      TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    FOREIGN KEY (customer_id, client_id) REFERENCES clients (customer_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX interactions_expiry ON interactions (expires_at);
CREATE INDEX interactions_client ON interactions (customer_id, client_id);

CREATE TABLE codes (
    code_hash      BLOB PRIMARY KEY,
    customer_id    TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    client_id      TEXT NOT NULL,
    person_id      TEXT NOT NULL,
    grant_id       TEXT NOT NULL,
    redirect_uri   TEXT NOT NULL,
    -- Space-separated, as on the wire; `requested` likewise.
    scope          TEXT NOT NULL,
    requested      TEXT NOT NULL,
    nonce          TEXT,
    code_challenge TEXT,
    auth_time      INTEGER NOT NULL,
    sid            TEXT,
    issued_at      INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL,
    -- Set once, by the statement that takes the code.
    used_at        INTEGER,
    FOREIGN KEY (customer_id, client_id) REFERENCES clients (customer_id, id) ON DELETE CASCADE,
    FOREIGN KEY (customer_id, person_id) REFERENCES people (customer_id, id) ON DELETE CASCADE
) STRICT;

-- Two, because a used code is remembered for longer than an unused one.
CREATE INDEX codes_expiry_unused ON codes (expires_at) WHERE used_at IS NULL;
CREATE INDEX codes_expiry_used ON codes (expires_at) WHERE used_at IS NOT NULL;
CREATE INDEX codes_client ON codes (customer_id, client_id);
CREATE INDEX codes_person ON codes (customer_id, person_id);

CREATE TABLE tokens (
    token_hash  BLOB PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('access', 'refresh')),
    customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    client_id   TEXT NOT NULL,
    -- Nobody's when the token is administrative.
    person_id   TEXT,
    scope       TEXT NOT NULL,
    grant_id    TEXT NOT NULL,
    jti         TEXT,
    issued_at   INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    revoked     INTEGER NOT NULL CHECK (revoked IN (0, 1)),
    FOREIGN KEY (customer_id, client_id) REFERENCES clients (customer_id, id) ON DELETE CASCADE,
    FOREIGN KEY (customer_id, person_id) REFERENCES people (customer_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX tokens_expiry ON tokens (expires_at);
CREATE INDEX tokens_grant ON tokens (customer_id, grant_id);
CREATE INDEX tokens_client ON tokens (customer_id, client_id);
CREATE INDEX tokens_person ON tokens (customer_id, person_id);

-- Belongs to the deployment, not to a customer.
CREATE TABLE signing_keys (
    kid        TEXT PRIMARY KEY,
    algorithm  TEXT NOT NULL,
    pkcs8      BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
