-- What a customer began with, to go back to: its policies, clients and people as
-- JSON. Holds no more in readable form than their own tables did at that time.
-- Customers made before this was kept have none.
CREATE TABLE seeds (
    customer_id TEXT PRIMARY KEY REFERENCES customers (id) ON DELETE CASCADE,
    body        TEXT NOT NULL
) STRICT;
