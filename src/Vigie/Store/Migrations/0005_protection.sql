-- Names an operator protects beyond settings and packs. A removed name stays in the journal, not here.
CREATE TABLE protected_name (
    domain   TEXT PRIMARY KEY,   -- lower-case A-label form
    actor    TEXT NOT NULL,
    reason   TEXT NOT NULL,
    added_at BIGINT NOT NULL     -- Unix milliseconds, UTC
);
