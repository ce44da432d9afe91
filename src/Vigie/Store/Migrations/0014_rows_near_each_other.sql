-- Writing many findings must not change pages all over the indexes, so a row belongs near those that are written with it: findings get
-- a bucket, which are filled one after the other, and what belongs to a finding is kept by its bucket first.
ALTER TABLE finding ADD COLUMN bucket BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX finding_by_bucket ON finding (bucket, id);

-- The buckets there are: one look each.
CREATE VIEW finding_bucket AS
    WITH RECURSIVE filled (bucket) AS (
        SELECT min(bucket) FROM finding
        UNION ALL
        SELECT (SELECT min(f.bucket) FROM finding f WHERE f.bucket > filled.bucket) FROM filled WHERE filled.bucket IS NOT NULL
    )
    SELECT bucket FROM filled WHERE bucket IS NOT NULL;

CREATE TABLE finding_entity_near (
    bucket BIGINT NOT NULL DEFAULT 0,
    finding_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (bucket, finding_id, ordinal),
    FOREIGN KEY (bucket, finding_id) REFERENCES finding (bucket, id) ON DELETE CASCADE
);
INSERT INTO finding_entity_near (finding_id, ordinal, kind, value) SELECT finding_id, ordinal, kind, value FROM finding_entity;
DROP TABLE finding_entity;
ALTER TABLE finding_entity_near RENAME TO finding_entity;
-- Whoever looks a value up looks into each bucket.
CREATE INDEX finding_entity_by_value ON finding_entity (bucket, value, kind);
{enqueue:DELETE finding_entity 2 row.kind || ' ' || row.value}

CREATE TABLE finding_evidence_near (
    bucket BIGINT NOT NULL DEFAULT 0,
    finding_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL,
    location TEXT NOT NULL,
    sha256 TEXT,
    fields TEXT NOT NULL,
    copy TEXT,
    PRIMARY KEY (bucket, finding_id, ordinal),
    FOREIGN KEY (bucket, finding_id) REFERENCES finding (bucket, id) ON DELETE CASCADE
);
INSERT INTO finding_evidence_near (finding_id, ordinal, kind, location, sha256, fields, copy) SELECT finding_id, ordinal, kind, location, sha256, fields, copy FROM finding_evidence;
DROP TABLE finding_evidence;
ALTER TABLE finding_evidence_near RENAME TO finding_evidence;

-- In the order of time findings come nearly in order; counting them by rule reads this index alone.
DROP INDEX finding_by_rule;
DROP INDEX finding_by_time;
CREATE INDEX finding_by_time ON finding (last_seen, id, detector, rule, severity, muted, first_seen);
