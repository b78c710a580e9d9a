-- What the file of a customer says beyond its policies, clients and people.

ALTER TABLE customers ADD COLUMN name TEXT;
ALTER TABLE customers ADD COLUMN one_click INTEGER NOT NULL DEFAULT 0
    CHECK (one_click IN (0, 1));
