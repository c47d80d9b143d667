-- The catalogue of restore points at each target, and what was asked for under a key.
CREATE TABLE restore_points (
    target TEXT NOT NULL,
    snapshot TEXT NOT NULL,
    object TEXT NOT NULL,
    host TEXT NOT NULL,
    point_ms BIGINT NOT NULL,
    kind TEXT NOT NULL,
    proven_ms BIGINT,
    proof_level TEXT,
    whole INTEGER,
    recorded_ms BIGINT NOT NULL,
    PRIMARY KEY (target, snapshot)
);
CREATE INDEX restore_points_object ON restore_points (object, target, point_ms);
CREATE TABLE readings (
    target TEXT PRIMARY KEY,
    at_ms BIGINT NOT NULL
);
CREATE TABLE asked_runs (
    asked_as TEXT PRIMARY KEY,
    job TEXT NOT NULL,
    run TEXT NOT NULL,
    at_ms BIGINT NOT NULL
);
ALTER TABLE runs ADD COLUMN snapshots TEXT;
