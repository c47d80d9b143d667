package org.medbackup.service;

import java.util.List;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.policy.Classification;
import org.medbackup.policy.Decision;
import org.medbackup.policy.Explained;
import org.medbackup.policy.Policy;
import org.medbackup.policy.PolicyConflict;
import org.medbackup.policy.PolicyFault;
import org.medbackup.policy.SimulationResult;
import org.medbackup.policy.Weakening;

/** What the operations on policies answer. */
public final class PolicyReports {

    private PolicyReports() {}

    /**
     * What is wrong with a policy.
     *
     * @param faults for which it cannot be read; conflicts are looked for where there are none
     * @param conflicts of its rules, and its tests that fail
     */
    public record Checked(List<PolicyFault> faults, List<PolicyConflict> conflicts) {

        public Checked {
            faults = List.copyOf(faults);
            conflicts = List.copyOf(conflicts);
        }

        /** Whether it can be activated as far as it alone is concerned. */
        public boolean isSound() {
            return faults.isEmpty() && conflicts.isEmpty();
        }
    }

    /**
     * A file, and what is decided for it.
     *
     * @param facts of its directory entry
     * @param found what it is
     * @param explained where it goes, and why
     */
    public record Row(FileFacts facts, Classification found, Explained explained) {}

    /**
     * Files for which all is decided alike.
     *
     * @param kind as conditions name it
     * @param decision with its trace
     * @param files how many
     * @param bytes of them
     */
    public record Group(String kind, Decision decision, long files, long bytes) {}

    /**
     * Something that cannot be read. A file counts as patient data then, and is decided for as such.
     *
     * @param path of it
     * @param message why
     */
    public record Unread(PathBytes path, String message) {}

    /**
     * Where files land.
     *
     * @param policy that says so
     * @param files how many there are
     * @param rows of the first of them, up to the limit that was given
     * @param groups of all of them, the most bytes first
     * @param unread the first of what cannot be read, up to the same limit
     * @param unreadable how many cannot be read
     */
    public record Landed(
            PolicyInForce policy,
            long files,
            List<Row> rows,
            List<Group> groups,
            List<Unread> unread,
            long unreadable) {

        public Landed {
            rows = List.copyOf(rows);
            groups = List.copyOf(groups);
            unread = List.copyOf(unread);
        }
    }

    /**
     * What a candidate would change.
     *
     * @param inForce with which it was compared
     * @param candidate policy
     * @param result for the files
     * @param weakenings in what it protects less, whatever files there are
     * @param unreadable files and folders that could not be read
     */
    public record Simulated(
            PolicyInForce inForce,
            Policy candidate,
            SimulationResult result,
            List<Weakening> weakenings,
            long unreadable) {

        public Simulated {
            weakenings = List.copyOf(weakenings);
        }
    }

    /**
     * A signature that was made.
     *
     * @param digest of the policy
     * @param version of the policy
     * @param key id of the key that signed
     * @param keys ids of all keys that have signed it by now
     */
    public record Signed(String digest, int version, String key, List<String> keys) {

        public Signed {
            keys = List.copyOf(keys);
        }
    }

    /**
     * A policy that was put in force.
     *
     * @param inForce it
     * @param weakenings in what it protects less than the one before it
     */
    public record Activated(PolicyInForce inForce, List<Weakening> weakenings) {

        public Activated {
            weakenings = List.copyOf(weakenings);
        }
    }
}
