-- People who may log in. name_key is the name folded for comparison, so that "Awa" and "awa" are one.
CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  language TEXT,
  theme TEXT,
  password_hash TEXT,
  -- Sealed with the node's keys: a copy of the store alone does not give it away.
  totp_secret TEXT,
  totp_last_step BIGINT NOT NULL DEFAULT 0,
  -- Asked for but not yet confirmed with a first code.
  totp_pending TEXT,
  disabled SMALLINT NOT NULL DEFAULT 0,
  created BIGINT NOT NULL,
  last_login BIGINT
);

CREATE TABLE account_recovery_codes (
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  code_hash TEXT NOT NULL,
  PRIMARY KEY (account_id, code_hash)
);

-- Only the hash of what the browser holds.
CREATE TABLE account_sessions (
  token_hash TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  created BIGINT NOT NULL,
  last_used BIGINT NOT NULL,
  client TEXT NOT NULL,
  agent TEXT NOT NULL
);
CREATE INDEX account_sessions_account ON account_sessions (account_id);
CREATE INDEX account_sessions_created ON account_sessions (created);

-- One-time links: kind 'setup' (creates the first administrator; account_id is null), 'password' (invitation or reset).
CREATE TABLE account_links (
  token_hash TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  account_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL
);
CREATE INDEX account_links_account ON account_links (account_id);
