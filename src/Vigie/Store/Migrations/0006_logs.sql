-- Findings of a muted rule are kept and marked, not dropped: a mute hides from lists, never from the record.
ALTER TABLE finding ADD COLUMN muted SMALLINT NOT NULL DEFAULT 0;

-- What each log source has brought; written together with its position.
CREATE TABLE log_source (
    name TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    events BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    findings BIGINT NOT NULL,
    problems BIGINT NOT NULL,
    samples TEXT NOT NULL,       -- the last things that could not be read, as JSON
    dropped BIGINT NOT NULL,     -- messages that arrived and were lost before they could be read
    behind BIGINT,               -- bytes still to read; null where unknown
    last_event BIGINT,           -- time of the latest event, as the event says
    last_received BIGINT,        -- when something last came
    last_error TEXT,
    last_error_at BIGINT
);

-- What each rule has brought.
CREATE TABLE log_rule (
    rule TEXT NOT NULL PRIMARY KEY,
    matches BIGINT NOT NULL,     -- every match
    findings BIGINT NOT NULL,    -- of them stored as a finding of their own
    folded BIGINT NOT NULL,      -- of them only counted: too many of the same within an hour
    muted BIGINT NOT NULL,       -- of the findings, those stored while muted
    first_fired BIGINT NOT NULL,
    last_fired BIGINT NOT NULL
);

-- Matches beyond the bound on findings of one rule about the same entities within an hour.
CREATE TABLE log_fold (
    rule TEXT NOT NULL,
    subject TEXT NOT NULL,       -- the entities, as text
    hour BIGINT NOT NULL,        -- of the events, Unix milliseconds
    stored BIGINT NOT NULL,      -- findings of this hour that were stored
    folded BIGINT NOT NULL,
    first_seen BIGINT,
    last_seen BIGINT,
    sample TEXT,                 -- where the last folded event lies
    PRIMARY KEY (rule, subject, hour)
);
CREATE INDEX log_fold_by_hour ON log_fold (hour);

-- Rules whose findings nobody wants to be shown for a while, and why.
CREATE TABLE log_mute (
    id {identity},
    rule TEXT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    ended_at BIGINT,
    ended_by TEXT
);
CREATE INDEX log_mute_by_rule ON log_mute (rule, until);

-- The state of correlations: the last whole snapshot, and what was fed to them since, in order.
CREATE TABLE log_correlation (
    name TEXT NOT NULL PRIMARY KEY,
    sequence BIGINT NOT NULL,    -- of the last entry of log_correlation_entry the snapshot holds
    snapshot {blob} NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE TABLE log_correlation_entry (
    sequence BIGINT NOT NULL PRIMARY KEY,
    entries {blob} NOT NULL
);

-- Deliveries over HTTP whose findings are stored: the same one sent again is answered, not read again.
CREATE TABLE log_delivery (
    id TEXT NOT NULL PRIMARY KEY,
    received BIGINT NOT NULL
);
CREATE INDEX log_delivery_by_time ON log_delivery (received);
