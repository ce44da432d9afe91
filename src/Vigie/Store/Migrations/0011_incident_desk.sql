-- What people do with incidents, beside 0007.

-- The version of the incident that an entry led to, so that somebody who saw an older one can be told what changed since.
ALTER TABLE incident_history ADD COLUMN version BIGINT;

-- Who gave an incident its name; a name that a person gave is not changed by Vigie.
ALTER TABLE incident ADD COLUMN named_by TEXT;

-- What each verdict said of each rule at the time: withdrawn with the verdict. rule_record has the sums.
CREATE TABLE incident_vote (
    incident_id BIGINT NOT NULL,
    detector TEXT NOT NULL,
    rule TEXT NOT NULL,
    verdict SMALLINT NOT NULL,
    PRIMARY KEY (incident_id, detector, rule)
);
CREATE INDEX incident_vote_by_rule ON incident_vote (detector, rule);

-- How many votes came since the scores of open incidents were taken anew.
ALTER TABLE rule_record ADD COLUMN pending BIGINT NOT NULL DEFAULT 0;

-- Findings that were not placed because somebody suppressed them.
CREATE TABLE suppressed_finding (
    finding_id TEXT NOT NULL PRIMARY KEY,
    suppression_id BIGINT NOT NULL,
    time BIGINT NOT NULL             -- when it was suppressed
);
CREATE INDEX suppressed_finding_by_suppression ON suppressed_finding (suppression_id, time);
CREATE INDEX suppressed_finding_by_time ON suppressed_finding (time);

-- Why a suppression was ended before its time.
ALTER TABLE suppression ADD COLUMN end_reason TEXT;
