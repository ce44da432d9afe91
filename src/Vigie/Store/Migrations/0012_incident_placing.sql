-- The closed incident whose matter an incident goes on with: what comes after a case was closed opens a new one.
ALTER TABLE incident ADD COLUMN follows BIGINT;
