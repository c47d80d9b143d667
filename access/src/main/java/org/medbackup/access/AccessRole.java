package org.medbackup.access;

import static org.medbackup.access.AccessRight.APPROVE;
import static org.medbackup.access.AccessRight.AUDIT;
import static org.medbackup.access.AccessRight.BACK_UP;
import static org.medbackup.access.AccessRight.DECIDE_ACCESS;
import static org.medbackup.access.AccessRight.DECIDE_POLICY;
import static org.medbackup.access.AccessRight.EXPIRE;
import static org.medbackup.access.AccessRight.FETCH_LOG;
import static org.medbackup.access.AccessRight.HOLD;
import static org.medbackup.access.AccessRight.KEEP_KEYS;
import static org.medbackup.access.AccessRight.LOOK;
import static org.medbackup.access.AccessRight.OPERATE;
import static org.medbackup.access.AccessRight.PROVE;
import static org.medbackup.access.AccessRight.RELEASE;
import static org.medbackup.access.AccessRight.RESTORE;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What somebody is there for. */
public enum AccessRole {
    /** Runs backups. */
    BACKUP_OPERATOR(Set.of(LOOK, BACK_UP, PROVE, EXPIRE, OPERATE)),
    /** Restores. */
    RESTORE_OPERATOR(Set.of(LOOK, PROVE, FETCH_LOG, RESTORE)),
    /** Decides where data goes and how long it is kept. */
    POLICY_ADMIN(Set.of(LOOK, DECIDE_POLICY, EXPIRE)),
    /** Keeps keys and holds. */
    SECURITY_OFFICER(Set.of(LOOK, KEEP_KEYS, HOLD, RELEASE, AUDIT, DECIDE_ACCESS)),
    /** Answers for disclosures. */
    PRIVACY_OFFICER(Set.of(LOOK, HOLD, AUDIT)),
    /** Reads what was done. */
    AUDITOR(Set.of(LOOK, AUDIT)),
    /** Approves what others request. */
    APPROVER(Set.of(LOOK, APPROVE)),
    /** A program: writes, proves and expires by rules, and decides nothing. */
    AGENT(Set.of(LOOK, BACK_UP, PROVE, FETCH_LOG, EXPIRE, OPERATE));

    @SuppressWarnings("ImmutableEnumChecker") // Nobody else holds the set.
    private final Set<AccessRight> rights;

    AccessRole(Set<AccessRight> rights) {
        this.rights = Set.copyOf(rights);
    }

    /** What it allows. */
    public Set<AccessRight> rights() {
        return rights;
    }

    /** As it is written. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The role of a word; empty for none. */
    public static Optional<AccessRole> of(String word) {
        return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
}
