/*
 * The schema, as steps that are never changed once they are released. Times are whole seconds since 1970, UTC; bytes are
 * BLOBs; lists are JSON; NULL is absence. Tables are STRICT, so that SQLite keeps the types that it is given.
 */

/** "CWrt": tells our files from others. */
export const applicationId = 0x43577274

/** By version, from 1. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE workspaces (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    slug TEXT NOT NULL,
    plan TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX workspace_slug ON workspaces (slug);

  CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX user_email ON users (email_folded);

  CREATE TABLE api_keys (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    grants TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX api_key_hash ON api_keys (secret_hash);

  CREATE TABLE cas (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    name TEXT NOT NULL,
    parent_ca_id TEXT,
    depth INTEGER NOT NULL,
    certificate_der BLOB NOT NULL,
    external_chain TEXT NOT NULL,
    serial_number TEXT NOT NULL,
    not_before INTEGER NOT NULL,
    not_after INTEGER NOT NULL,
    path_length INTEGER,
    key_algorithm TEXT NOT NULL,
    key_id TEXT NOT NULL,
    has_passphrase INTEGER NOT NULL,
    ocsp_key_id TEXT,
    ocsp_key_algorithm TEXT,
    ocsp_certificate_der BLOB,
    ocsp_not_before INTEGER,
    ocsp_not_after INTEGER,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    revocation_reason TEXT
  ) STRICT;
  CREATE UNIQUE INDEX ca_name ON cas (workspace_id, name) WHERE revoked_at IS NULL;
  CREATE INDEX cas_by_parent ON cas (parent_ca_id);

  CREATE TABLE certificates (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    ca_id TEXT NOT NULL,
    serial_number TEXT NOT NULL,
    mode TEXT NOT NULL,
    profile TEXT NOT NULL,
    common_name TEXT NOT NULL,
    common_name_folded TEXT NOT NULL,
    san_dns TEXT NOT NULL,
    san_ip TEXT NOT NULL,
    san_email TEXT NOT NULL,
    san_uri TEXT NOT NULL,
    key_algorithm TEXT NOT NULL,
    spki_hash TEXT NOT NULL,
    certificate_der BLOB NOT NULL,
    not_before INTEGER NOT NULL,
    not_after INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    renewed_from TEXT,
    revoked_at INTEGER,
    revocation_reason TEXT
  ) STRICT;
  CREATE INDEX certificates_newest ON certificates (created_at DESC, id DESC);
  CREATE INDEX certificates_of_ca ON certificates (ca_id, created_at DESC, id DESC);

  CREATE TABLE reservations (
    id TEXT NOT NULL PRIMARY KEY,
    ca_id TEXT NOT NULL,
    serial_number TEXT NOT NULL,
    kind TEXT NOT NULL,
    tbs_hash TEXT NOT NULL,
    not_after INTEGER NOT NULL,
    reserved_at INTEGER NOT NULL,
    state TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX serial_number ON reservations (ca_id, serial_number);
  CREATE INDEX open_reservations ON reservations (reserved_at, id) WHERE state = 'open';

  -- The status log. The last entry of a serial number is the one that none replaces.
  CREATE TABLE revocations (
    position INTEGER NOT NULL PRIMARY KEY,
    ca_id TEXT NOT NULL,
    serial_number TEXT NOT NULL,
    revoked_at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    not_after INTEGER NOT NULL,
    entry_der BLOB NOT NULL,
    replaced_by INTEGER
  ) STRICT;
  CREATE INDEX revocations_of_ca ON revocations (ca_id, position);
  CREATE UNIQUE INDEX last_revocation ON revocations (ca_id, serial_number) WHERE replaced_by IS NULL;

  CREATE TABLE ca_counters (
    ca_id TEXT NOT NULL PRIMARY KEY,
    crl_number INTEGER NOT NULL DEFAULT 0,
    revocation_count INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  -- Numbers are kept for ever, the bytes of the latest list alone.
  CREATE TABLE crls (
    ca_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    this_update INTEGER NOT NULL,
    next_update INTEGER NOT NULL,
    der BLOB,
    revocation_count INTEGER NOT NULL,
    PRIMARY KEY (ca_id, number)
  ) STRICT;

  CREATE TABLE idempotency_records (
    scope TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    certificate_id TEXT NOT NULL,
    state TEXT NOT NULL,
    live_until INTEGER NOT NULL,
    PRIMARY KEY (key_hash, scope)
  ) STRICT;
  CREATE INDEX idempotency_by_end ON idempotency_records (live_until);

  CREATE TABLE audit_events (
    position INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    workspace_id TEXT,
    subject_id TEXT NOT NULL,
    details TEXT NOT NULL
  ) STRICT;
  CREATE INDEX audit_by_subject ON audit_events (subject_id, position);

  CREATE TABLE outbox_events (
    position INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    workspace_id TEXT,
    subject_id TEXT NOT NULL
  ) STRICT;

  CREATE TABLE sealed_keys (
    key_id TEXT NOT NULL PRIMARY KEY,
    key_algorithm TEXT NOT NULL,
    spki_der BLOB NOT NULL,
    sealed BLOB NOT NULL,
    wrapped_data_key BLOB,
    kek_id TEXT,
    created_at INTEGER NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE crls ADD COLUMN scope TEXT NOT NULL DEFAULT 'complete';
  ALTER TABLE crls ADD COLUMN base_number INTEGER;
  CREATE INDEX latest_crl ON crls (ca_id, scope, number);
  CREATE INDEX certificates_of_key ON certificates (spki_hash);
  CREATE INDEX renewals ON certificates (renewed_from) WHERE renewed_from IS NOT NULL;
  `,
  `
  ALTER TABLE api_keys ADD COLUMN last_used_at INTEGER;
  ALTER TABLE api_keys ADD COLUMN revoked_at INTEGER;
  ALTER TABLE api_keys ADD COLUMN previous_hash TEXT;
  ALTER TABLE api_keys ADD COLUMN previous_until INTEGER;
  CREATE INDEX api_key_previous_hash ON api_keys (previous_hash) WHERE previous_hash IS NOT NULL;
  CREATE INDEX api_keys_of_workspace ON api_keys (workspace_id, created_at, id);

  CREATE TABLE memberships (
    workspace_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    rights TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, user_id)
  ) STRICT;
  CREATE INDEX memberships_of_user ON memberships (user_id);

  CREATE TABLE oauth_clients (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    workspace_id TEXT,
    user_id TEXT,
    name TEXT NOT NULL,
    redirect_uris TEXT NOT NULL,
    secret_hash TEXT,
    metadata TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER
  ) STRICT;
  CREATE INDEX oauth_clients_oldest ON oauth_clients (created_at, id);
  CREATE INDEX unused_oauth_clients ON oauth_clients (coalesce(last_used_at, created_at)) WHERE kind = 'public';

  CREATE TABLE oauth_grants (
    id TEXT NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL,
    workspace_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    rights TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER
  ) STRICT;
  CREATE INDEX oauth_grants_of_client ON oauth_grants (client_id);
  CREATE INDEX oauth_grants_of_user ON oauth_grants (user_id, workspace_id);
  CREATE INDEX ended_oauth_grants ON oauth_grants (coalesce(min(expires_at, revoked_at), expires_at, revoked_at));

  CREATE TABLE oauth_artifacts (
    kind TEXT NOT NULL,
    id_hash TEXT NOT NULL,
    grant_id TEXT,
    uid TEXT,
    payload TEXT NOT NULL,
    consumed_at INTEGER,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (kind, id_hash)
  ) STRICT;
  CREATE UNIQUE INDEX oauth_artifact_uid ON oauth_artifacts (kind, uid) WHERE uid IS NOT NULL;
  CREATE INDEX oauth_artifacts_of_grant ON oauth_artifacts (grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX expired_oauth_artifacts ON oauth_artifacts (expires_at);
  `,
  `
  -- Entries that another one has replaced are few; the last one of a serial number has an index already.
  CREATE INDEX replaced_revocations ON revocations (ca_id, serial_number) WHERE replaced_by IS NOT NULL;

  -- What ends soon, and what is revoked: without these, each question reads every certificate of a CA.
  CREATE INDEX certificates_by_end ON certificates (not_after);
  CREATE INDEX revoked_certificates ON certificates (created_at DESC, id DESC) WHERE revoked_at IS NOT NULL;
  `,
]
