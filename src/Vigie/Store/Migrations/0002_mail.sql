-- The mail watch. Addresses and relationships are personal data: every table here has a retention rule.

-- The one switch: how verdicts are applied. A single row.
CREATE TABLE mail_mode (
    id           SMALLINT PRIMARY KEY CHECK (id = 1),
    mode         TEXT     NOT NULL,
    bypass_until BIGINT,
    back_to      TEXT,
    changed_at   BIGINT   NOT NULL,
    changed_by   TEXT     NOT NULL,
    reason       TEXT     NOT NULL
);

-- What was concluded about one recipient of one message, where there was something to conclude.
CREATE TABLE mail_decisions (
    id               TEXT     PRIMARY KEY,
    time             BIGINT   NOT NULL,
    queue_id         TEXT,
    sender           TEXT     NOT NULL,
    login            TEXT,
    daemon           TEXT,
    client           TEXT     NOT NULL,
    recipient        TEXT     NOT NULL,
    recipient_domain TEXT     NOT NULL,
    verdict          SMALLINT NOT NULL,
    applied          SMALLINT NOT NULL,
    mode             SMALLINT NOT NULL,
    imitates         TEXT,
    family           TEXT,
    posterior        DOUBLE PRECISION,
    suggestion       TEXT,
    reason           TEXT     NOT NULL,
    explanation_en   TEXT     NOT NULL,
    explanation_fr   TEXT     NOT NULL,
    finding_id       TEXT
);
CREATE INDEX mail_decisions_by_time ON mail_decisions (time, id);
CREATE INDEX mail_decisions_by_domain ON mail_decisions (recipient_domain, time);
CREATE INDEX mail_decisions_by_sender ON mail_decisions (sender, time);
CREATE INDEX mail_decisions_by_queue_id ON mail_decisions (queue_id);

-- How many recipients passed without anything to conclude, by day: the other side of every rate.
CREATE TABLE mail_counts (
    id      TEXT   PRIMARY KEY,
    day     BIGINT NOT NULL,
    what    TEXT   NOT NULL,
    count   BIGINT NOT NULL
);
CREATE INDEX mail_counts_by_day ON mail_counts (day);

-- Messages in the MTA's hold queue by our verdict. The MTA uses queue ids again in time, hence an id of our own: queue id and time.
CREATE TABLE mail_held (
    id         TEXT     PRIMARY KEY,
    queue_id   TEXT     NOT NULL,
    time       BIGINT   NOT NULL,
    sender     TEXT     NOT NULL,
    login      TEXT,
    recipients TEXT     NOT NULL,
    subject    TEXT,
    size       BIGINT   NOT NULL,
    why_en     TEXT     NOT NULL,
    why_fr     TEXT     NOT NULL,
    state      SMALLINT NOT NULL,
    acted_by   TEXT,
    acted_at   BIGINT,
    act_reason TEXT,
    problem    TEXT,
    notify     SMALLINT NOT NULL,
    changed_at BIGINT   NOT NULL
);
CREATE INDEX mail_held_by_state ON mail_held (state, time);
CREATE INDEX mail_held_by_queue_id ON mail_held (queue_id, time);
CREATE INDEX mail_held_by_time ON mail_held (time, id);

-- Who writes to whom, summed per domain: mailbox '' is the whole organisation.
CREATE TABLE mail_relationships (
    id           TEXT   PRIMARY KEY,
    domain       TEXT   NOT NULL,
    mailbox      TEXT   NOT NULL,
    sent         BIGINT NOT NULL DEFAULT 0,
    sent_flagged BIGINT NOT NULL DEFAULT 0,
    sent_days    BIGINT NOT NULL DEFAULT 0,
    last_day     BIGINT NOT NULL DEFAULT 0,
    past         BIGINT NOT NULL DEFAULT 0,
    received     BIGINT NOT NULL DEFAULT 0,
    replies      BIGINT NOT NULL DEFAULT 0,
    confirmed    BIGINT NOT NULL DEFAULT 0,
    approved     SMALLINT NOT NULL DEFAULT 0,
    first_seen   BIGINT NOT NULL,
    last_seen    BIGINT NOT NULL
);
CREATE INDEX mail_relationships_by_domain ON mail_relationships (domain, mailbox);
CREATE INDEX mail_relationships_by_mailbox ON mail_relationships (mailbox, last_seen);
CREATE INDEX mail_relationships_by_time ON mail_relationships (last_seen);

-- A refusal or hold that its sender may insist on; the id is the decision's.
CREATE TABLE mail_insistence (
    id            TEXT     PRIMARY KEY,
    kind          SMALLINT NOT NULL,
    sender        TEXT     NOT NULL,
    recipient     TEXT     NOT NULL,
    queue_id      TEXT,
    suggestion    TEXT,
    first_at      BIGINT   NOT NULL,
    last_at       BIGINT   NOT NULL,
    attempts      BIGINT   NOT NULL,
    told_at       BIGINT,
    insisted_at   BIGINT,
    insisted_how  SMALLINT,
    valid_until   BIGINT
);
CREATE INDEX mail_insistence_by_pair ON mail_insistence (sender, recipient, first_at);
CREATE INDEX mail_insistence_by_time ON mail_insistence (last_at);

-- Notices to senders: recorded first, sent after, at least once, with a Message-ID that stays.
CREATE TABLE mail_outbox (
    message_id TEXT     PRIMARY KEY,
    time       BIGINT   NOT NULL,
    kind       TEXT     NOT NULL,
    recipient  TEXT     NOT NULL,
    subject    TEXT     NOT NULL,
    body       TEXT     NOT NULL,
    attempts   BIGINT   NOT NULL,
    next_at    BIGINT   NOT NULL,
    sent_at    BIGINT,
    problem    TEXT
);
CREATE INDEX mail_outbox_by_next ON mail_outbox (sent_at, next_at);
