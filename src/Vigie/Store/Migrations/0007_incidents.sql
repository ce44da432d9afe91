-- Findings joined to incidents; what analysts do with them.

-- Findings that are stored and not yet placed. A row is taken away in the transaction that places the finding.
CREATE TABLE incident_queue (
    id {identity},
    finding_id TEXT NOT NULL
);
INSERT INTO incident_queue (finding_id) SELECT id FROM finding WHERE muted = 0 AND severity >= 2 ORDER BY last_seen, id;

CREATE TABLE incident (
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,         -- counts changes; a form that knows an older one is told so
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    first_seen BIGINT NOT NULL,      -- of its findings
    last_seen BIGINT NOT NULL,
    title_en TEXT NOT NULL,
    title_fr TEXT NOT NULL,
    severity SMALLINT NOT NULL,      -- of the gravest finding
    score DOUBLE PRECISION NOT NULL, -- 0 to 100
    terms TEXT NOT NULL,             -- what adds up to the score, as JSON
    findings BIGINT NOT NULL,
    rules INTEGER NOT NULL,
    only_rule TEXT,                  -- detector and rule, where a single one speaks: such incidents fold into one row
    watches TEXT NOT NULL,           -- JSON list
    techniques TEXT NOT NULL,        -- JSON list
    about TEXT NOT NULL,             -- the foremost entities, JSON [[kind, value, count]…]
    status SMALLINT NOT NULL,        -- 0 new, 1 in work, 2 waiting, 3 closed, 4 merged
    verdict SMALLINT,                -- 0 true, 1 benign, 2 false
    assignee TEXT,                   -- account name
    touched_at BIGINT,               -- when a person first changed something: from then on groupings are proposed, not done
    closed_at BIGINT,
    merged_into BIGINT               -- where it redirects
);
CREATE INDEX incident_by_score ON incident (status, score, id);
CREATE INDEX incident_by_time ON incident (last_seen, id);
CREATE INDEX incident_by_change ON incident (changed_at, id);

-- Which incident a finding is in, and what joined it.
CREATE TABLE incident_finding (
    finding_id TEXT NOT NULL PRIMARY KEY REFERENCES finding (id) ON DELETE CASCADE,
    incident_id BIGINT NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    placed_at BIGINT NOT NULL,
    because TEXT NOT NULL            -- links, JSON [[kind, value, other finding, strength]…]
);
CREATE INDEX incident_finding_by_incident ON incident_finding (incident_id, placed_at);

-- What happened to an incident, by whom. Rows are only ever added.
CREATE TABLE incident_history (
    id {identity},
    incident_id BIGINT NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    time BIGINT NOT NULL,
    actor TEXT NOT NULL,             -- account name; 'vigie' for the node itself
    action TEXT NOT NULL,
    details TEXT NOT NULL            -- JSON object
);
CREATE INDEX incident_history_by_incident ON incident_history (incident_id, id);

CREATE TABLE incident_comment (
    id {identity},
    incident_id BIGINT NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    time BIGINT NOT NULL,
    actor TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX incident_comment_by_incident ON incident_comment (incident_id, id);

CREATE TABLE incident_task (
    id {identity},
    incident_id BIGINT NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    done_at BIGINT,
    done_by TEXT
);
CREATE INDEX incident_task_by_incident ON incident_task (incident_id, id);

CREATE TABLE incident_attachment (
    id {identity},
    incident_id BIGINT NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    content {blob} NOT NULL,
    added_at BIGINT NOT NULL,
    added_by TEXT NOT NULL
);
CREATE INDEX incident_attachment_by_incident ON incident_attachment (incident_id, id);

-- What Vigie would do with an incident that somebody works on: it asks.
CREATE TABLE incident_proposal (
    id {identity},
    incident_id BIGINT NOT NULL REFERENCES incident (id) ON DELETE CASCADE, -- the one that is asked about
    kind SMALLINT NOT NULL,          -- 0 merge other_id into it, 1 split findings off
    other_id BIGINT,
    findings TEXT NOT NULL,          -- JSON list of finding ids
    why_en TEXT NOT NULL,
    why_fr TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT,
    accepted SMALLINT
);
CREATE INDEX incident_proposal_by_incident ON incident_proposal (incident_id, decided_at);

-- Verdicts, each of which can be taken back; what counts for a rule's precision.
CREATE TABLE incident_verdict (
    id {identity},
    incident_id BIGINT NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    verdict SMALLINT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    time BIGINT NOT NULL,
    undone_at BIGINT,
    undone_by TEXT
);
CREATE INDEX incident_verdict_by_incident ON incident_verdict (incident_id, undone_at);

-- How often each rule was right: one vote an incident and rule.
CREATE TABLE rule_record (
    detector TEXT NOT NULL,
    rule TEXT NOT NULL,
    true_count BIGINT NOT NULL,
    benign_count BIGINT NOT NULL,
    false_count BIGINT NOT NULL,
    PRIMARY KEY (detector, rule)
);

-- What nobody wants to be told of for a while: allow-lists and maintenance windows. What is suppressed is kept and counted.
CREATE TABLE suppression (
    id {identity},
    detector TEXT,                   -- each that is not null must hold
    rule TEXT,
    entity_kind TEXT,
    entity_value TEXT,
    starts_at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    owner TEXT NOT NULL,             -- who answers for it
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    ended_at BIGINT,
    ended_by TEXT,
    hits BIGINT NOT NULL DEFAULT 0,
    last_hit BIGINT
);
CREATE INDEX suppression_by_end ON suppression (until);
CREATE TABLE finding_suppressed (
    finding_id TEXT NOT NULL PRIMARY KEY,
    suppression_id BIGINT NOT NULL,
    time BIGINT NOT NULL
);
CREATE INDEX finding_suppressed_by_suppression ON finding_suppressed (suppression_id, time);

-- Filters of the inbox that somebody gave a name.
CREATE TABLE saved_filter (
    id {identity},
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX saved_filter_by_account ON saved_filter (account, name);
