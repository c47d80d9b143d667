CREATE TABLE jobs (
    name TEXT PRIMARY KEY,
    configured_ms BIGINT NOT NULL,
    paused INTEGER NOT NULL DEFAULT 0,
    enqueued BIGINT NOT NULL DEFAULT 0,
    last_due_ms BIGINT,
    last_begun_ms BIGINT,
    last_ended_ms BIGINT,
    last_state TEXT,
    last_good_ms BIGINT,
    last_good_ended_ms BIGINT,
    failures INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    job TEXT NOT NULL,
    state TEXT NOT NULL,
    due_ms BIGINT NOT NULL,
    deadline_ms BIGINT NOT NULL,
    priority INTEGER NOT NULL,
    pinned_host TEXT,
    not_before_ms BIGINT NOT NULL,
    begin_by_ms BIGINT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    epoch BIGINT NOT NULL DEFAULT 0,
    worker TEXT,
    host TEXT,
    lease_until_ms BIGINT NOT NULL DEFAULT 0,
    begun_ms BIGINT,
    ended_ms BIGINT,
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    published_epoch BIGINT,
    failure TEXT,
    UNIQUE (job, due_ms)
);
CREATE UNIQUE INDEX runs_open ON runs (job) WHERE state IN ('PENDING', 'RUNNING');
CREATE INDEX runs_ended ON runs (job, ended_ms);
CREATE TABLE run_uses (
    run TEXT NOT NULL,
    resource TEXT NOT NULL,
    most INTEGER NOT NULL,
    PRIMARY KEY (run, resource)
);
CREATE TABLE checkpoints (
    run TEXT PRIMARY KEY,
    epoch BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    content ${BYTES} NOT NULL
);
CREATE TABLE workers (
    name TEXT PRIMARY KEY,
    host TEXT NOT NULL,
    seen_ms BIGINT NOT NULL,
    presence BIGINT
);
