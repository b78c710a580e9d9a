-- When keys were rotated, for as long as it counts. It outlives the customer: one
-- that is reset is deleted and made anew, and must get no more rotations by that.
CREATE TABLE key_rotations (
    customer_id  TEXT NOT NULL,
    counts_until INTEGER NOT NULL
) STRICT;

CREATE INDEX key_rotations_customer ON key_rotations (customer_id, counts_until);
CREATE INDEX key_rotations_expiry ON key_rotations (counts_until);
