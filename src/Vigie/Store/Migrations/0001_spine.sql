-- What every slice stands on. Times are Unix milliseconds UTC, booleans SMALLINT 0/1, lists and maps JSON text.

CREATE TABLE finding (
    id TEXT NOT NULL PRIMARY KEY,
    detector TEXT NOT NULL,
    rule TEXT NOT NULL,
    rule_version TEXT NOT NULL,
    title_en TEXT NOT NULL,
    title_fr TEXT NOT NULL,
    severity SMALLINT NOT NULL,
    confidence DOUBLE PRECISION,
    first_seen BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    techniques TEXT NOT NULL,
    explanation_en TEXT NOT NULL,
    explanation_fr TEXT NOT NULL,
    saved_at BIGINT NOT NULL
);
CREATE INDEX finding_by_time ON finding (last_seen, id);
CREATE INDEX finding_by_detector ON finding (detector, last_seen, id);

CREATE TABLE finding_entity (
    finding_id TEXT NOT NULL REFERENCES finding (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (finding_id, ordinal)
);
CREATE INDEX finding_entity_by_value ON finding_entity (value, kind);

CREATE TABLE finding_evidence (
    finding_id TEXT NOT NULL REFERENCES finding (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL,
    location TEXT NOT NULL,
    sha256 TEXT,
    fields TEXT NOT NULL,
    copy TEXT,
    PRIMARY KEY (finding_id, ordinal)
);

-- How far a source has been read; committed together with what was found up to there.
CREATE TABLE position (
    source TEXT NOT NULL PRIMARY KEY,
    position TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Single values the store itself needs to remember between runs.
CREATE TABLE store_state (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- Who changed what happens to mail or settings, and why. Rows are only ever added.
CREATE TABLE journal (
    id {identity},
    time BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    reason TEXT NOT NULL,
    details TEXT
);
CREATE INDEX journal_by_time ON journal (time, id);
CREATE INDEX journal_by_subject ON journal (subject, id);
{append-only:journal}
