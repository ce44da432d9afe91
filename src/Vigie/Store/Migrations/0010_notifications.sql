-- What people and programs outside are told of incidents. Recorded before it leaves.

-- Channels that are known: a new one is told of what comes from then on, not of everything there is.
CREATE TABLE notification_channel (
    name TEXT NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL
);

-- What a channel was told of an incident last.
CREATE TABLE notification_told (
    id {identity},
    channel TEXT NOT NULL,
    incident_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,      -- of the incident: after a restore a number may come again
    severity SMALLINT NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    time BIGINT NOT NULL
);
CREATE UNIQUE INDEX notification_told_by_incident ON notification_told (channel, incident_id);
CREATE INDEX notification_told_by_time ON notification_told (time);

CREATE TABLE notification (
    id TEXT NOT NULL PRIMARY KEY,    -- stays the same however often it is sent: Message-ID, Idempotency-Key
    channel TEXT NOT NULL,
    kind SMALLINT NOT NULL,          -- 0 new, 1 risen, 2 digest, 3 test
    incident_id BIGINT,
    severity SMALLINT NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    time BIGINT NOT NULL,            -- when it was recorded
    subject TEXT NOT NULL,
    body TEXT NOT NULL,              -- text of a mail, JSON of a webhook
    state SMALLINT NOT NULL,         -- 0 waits, 1 sent, 2 given up, 3 held back, 4 told in a digest
    attempts INTEGER NOT NULL,
    next_at BIGINT NOT NULL,
    done_at BIGINT,
    problem TEXT,
    digest_id TEXT
);
CREATE INDEX notification_by_state ON notification (channel, state, next_at);
CREATE INDEX notification_by_time ON notification (time, id);
CREATE INDEX notification_by_digest ON notification (digest_id);
