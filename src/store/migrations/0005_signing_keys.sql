-- Keys of several algorithms, and keys of customers that rotated.

-- Two programs that began with one new file may each have kept an RS256 key.
-- Only the newest signs and is published.
DELETE FROM signing_keys WHERE EXISTS (
    SELECT 1 FROM signing_keys AS other
    WHERE other.algorithm = signing_keys.algorithm
      AND (other.created_at, other.kid) > (signing_keys.created_at, signing_keys.kid)
);

-- Whose it is; the deployment's, and so of every customer that never rotated,
-- when there is none.
ALTER TABLE signing_keys
    ADD COLUMN customer_id TEXT REFERENCES customers (id) ON DELETE CASCADE;
-- Which rotation of the customer made it; 0 with the deployment's.
ALTER TABLE signing_keys ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
-- Set by the rotation that retires it. What signs has none.
ALTER TABLE signing_keys ADD COLUMN published_until INTEGER;

CREATE INDEX signing_keys_customer ON signing_keys (customer_id, generation);
CREATE INDEX signing_keys_expiry ON signing_keys (published_until)
    WHERE published_until IS NOT NULL;
-- One key of an algorithm signs, however many programs add one at once.
CREATE UNIQUE INDEX signing_keys_signing ON signing_keys (ifnull(customer_id, ''), algorithm)
    WHERE published_until IS NULL;
