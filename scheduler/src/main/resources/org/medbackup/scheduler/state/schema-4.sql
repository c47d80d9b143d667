-- Drills that run by themselves: which of their times were used, and what became of each application.
CREATE TABLE drill_turns (
    drill TEXT PRIMARY KEY,
    known_ms BIGINT NOT NULL,
    due_ms BIGINT NOT NULL
);
CREATE TABLE drilled (
    drill TEXT NOT NULL,
    plan TEXT NOT NULL,
    application TEXT NOT NULL,
    began_ms BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    rule TEXT NOT NULL,
    snapshot TEXT NOT NULL,
    seed BIGINT NOT NULL,
    share_millionths BIGINT NOT NULL,
    took_ms BIGINT,
    error_tenths BIGINT,
    PRIMARY KEY (drill, plan, application, began_ms)
);
CREATE INDEX drilled_snapshot ON drilled (snapshot);
