INSERT INTO jobs (name, configured_ms, paused, enqueued, last_due_ms, last_begun_ms, last_ended_ms, last_state, last_good_ms, last_good_ended_ms, failures) VALUES ('ehr', 1769817600000, 0, 1, 1769911200000, 1769911200000, 1769912400000, 'SUCCEEDED', 1769911200000, 1769912400000, 0);
INSERT INTO jobs (name, configured_ms, paused, enqueued) VALUES ('imaging', 1769817600000, 1, 0);
INSERT INTO jobs (name, configured_ms, paused, enqueued, last_due_ms, last_begun_ms) VALUES ('laboratory', 1769817600000, 0, 1, 1769911260000, 1769911260000);
INSERT INTO runs (id, job, state, due_ms, deadline_ms, priority, not_before_ms, begin_by_ms, attempts, epoch, worker, host, begun_ms, ended_ms, published_epoch) VALUES ('0123456789abcdef0123456789abcdef', 'ehr', 'SUCCEEDED', 1769911200000, 1769997600000, 0, 0, 253402300799000, 1, 1, 'old#00000000', 'one', 1769911200000, 1769912400000, 1);
INSERT INTO runs (id, job, state, due_ms, deadline_ms, priority, not_before_ms, begin_by_ms, attempts, epoch, worker, host, lease_until_ms, begun_ms) VALUES ('fedcba9876543210fedcba9876543210', 'laboratory', 'RUNNING', 1769911260000, 1769997600000, 3, 0, 253402300799000, 1, 1, 'old#00000000', 'one', 1769911290000, 1769911260000);
INSERT INTO run_uses (run, resource, most) VALUES ('fedcba9876543210fedcba9876543210', 'target:vault', 2);
INSERT INTO checkpoints (run, epoch, at_ms, content) SELECT 'fedcba9876543210fedcba9876543210', 1, 1769911270000, 'page 7';
INSERT INTO workers (name, host, seen_ms) VALUES ('old#00000000', 'one', 1769911280000);
