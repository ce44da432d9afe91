-- Events that stood around those a finding rests on, as bounded copies: each once, however many findings share it.
CREATE TABLE context_event (
    id TEXT NOT NULL PRIMARY KEY,    -- a hash of where it was read and of its bytes
    time BIGINT,                     -- as the event says; null where it does not
    place TEXT NOT NULL,
    copy TEXT NOT NULL,
    cut INTEGER NOT NULL,            -- bytes of it that were not kept
    last_seen BIGINT NOT NULL        -- of the latest finding that refers to it, by which it becomes too old to keep
);
CREATE INDEX context_event_by_time ON context_event (last_seen);

-- Which events stood around a finding. Lists are ids joined by blanks, in order of reading.
CREATE TABLE finding_context (
    finding_id TEXT NOT NULL PRIMARY KEY REFERENCES finding (id) ON DELETE CASCADE,
    source TEXT NOT NULL,
    host TEXT NOT NULL,              -- '' where events name none
    before_events TEXT NOT NULL,
    after_events TEXT NOT NULL,
    part_events TEXT NOT NULL,       -- of a correlation: the events that took part
    missing BIGINT NOT NULL,         -- how many more there were that could not be kept
    awaits INTEGER NOT NULL,         -- how many of those after it are still to come
    awaits_until BIGINT NOT NULL     -- and until when they may
);
CREATE INDEX finding_context_open ON finding_context (awaits_until) WHERE awaits > 0;
