-- Recovery points by object and target, which the watch over them reads without asking a job.
CREATE TABLE good_points (
    object TEXT NOT NULL,
    target TEXT NOT NULL,
    point_ms BIGINT NOT NULL,
    PRIMARY KEY (object, target)
);
INSERT INTO good_points (object, target, point_ms)
    SELECT name, '', last_good_ms FROM jobs WHERE last_good_ms IS NOT NULL;
