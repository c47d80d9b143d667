package org.medbackup.app.postgresql.patroni;

import java.util.Set;

/**
 * A member of a cluster as {@code GET /cluster} tells it (Patroni documentation, "Patroni REST API").
 *
 * @param role such as {@code leader} or {@code replica}
 * @param state such as {@code running} or {@code streaming}
 * @param timeline that it is on, 0 where it is not told
 * @param lag bytes of log that it is behind, -1 where it is not known
 * @param balanced whether it may take load off the leader: its tag {@code noloadbalance} is not set
 */
public record Member(
        String name, String role, String state, String host, int port, int timeline, long lag, boolean balanced) {

    private static final Set<String> LEADS = Set.of("leader", "master", "standby_leader");
    private static final Set<String> FOLLOWS = Set.of("replica", "sync_standby", "quorum_standby");
    private static final Set<String> WORKS = Set.of("running", "streaming", "in archive recovery");

    /** Whether all others follow it. */
    public boolean isLeader() {
        return LEADS.contains(role) && WORKS.contains(state);
    }

    /** Whether it follows the leader of a timeline, and closely enough. */
    boolean follows(int leaders, long furthest) {
        boolean same = leaders == 0 || timeline == 0 || timeline == leaders;
        return FOLLOWS.contains(role) && WORKS.contains(state) && balanced && same && lag >= 0 && lag <= furthest;
    }
}
