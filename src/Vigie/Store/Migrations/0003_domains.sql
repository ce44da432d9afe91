-- Look-alikes of the own domains: what was last known of each, whether it is registered or not.
CREATE TABLE domain_watch (
    domain TEXT NOT NULL PRIMARY KEY,
    target TEXT NOT NULL,
    family TEXT NOT NULL,
    likelihood DOUBLE PRECISION NOT NULL,
    resemblance DOUBLE PRECISION NOT NULL,
    explanation_en TEXT NOT NULL,
    explanation_fr TEXT NOT NULL,
    registered SMALLINT NOT NULL,
    registered_since BIGINT,
    name_servers TEXT NOT NULL,
    mail SMALLINT NOT NULL,
    exchanges TEXT NOT NULL,
    wildcard_dns SMALLINT NOT NULL,
    catch_all SMALLINT NOT NULL,
    absent_in_a_row INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    first_checked BIGINT NOT NULL,
    last_checked BIGINT NOT NULL,
    last_known BIGINT,
    last_failure SMALLINT,
    last_run BIGINT NOT NULL
);
CREATE INDEX domain_watch_registered ON domain_watch (registered, likelihood);
CREATE INDEX domain_watch_checked ON domain_watch (last_checked);

-- One pass over the look-alikes. A domain's last_run says whether the run has looked at it: that is the run's position.
CREATE TABLE domain_run (
    id BIGINT NOT NULL PRIMARY KEY,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    planned INTEGER NOT NULL,
    checked INTEGER NOT NULL,
    unknown INTEGER NOT NULL,
    registered INTEGER NOT NULL,
    with_mail INTEGER NOT NULL,
    changes INTEGER NOT NULL
);

-- What each feed of new names has brought; written together with its position.
CREATE TABLE domain_feed (
    name TEXT NOT NULL PRIMARY KEY,
    lines BIGINT NOT NULL,
    names BIGINT NOT NULL,
    matches BIGINT NOT NULL,
    malformed BIGINT NOT NULL,
    samples TEXT NOT NULL,
    last_event BIGINT,
    last_read BIGINT,
    last_success BIGINT,
    behind BIGINT,
    last_error TEXT,
    last_error_at BIGINT
);
