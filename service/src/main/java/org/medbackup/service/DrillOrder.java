package org.medbackup.service;

import java.nio.file.Path;
import java.util.List;
import org.medbackup.recovery.rotation.PointRule;

/**
 * What a drill is to rehearse.
 *
 * @param plan file of the plan
 * @param scratch folder on the file system that will be restored to in earnest; a folder in it is made and taken away
 * @param applications names of those that are rehearsed, with what they need; all where there are none
 * @param choice from which restore points, and how much of them
 * @param shareNetwork whether what cannot have a network of its own may be started in that of this machine, where production may
 *     be; the result says of which applications that was so
 */
public record DrillOrder(Path plan, Path scratch, List<String> applications, Choice choice, boolean shareNetwork) {

    public DrillOrder {
        applications = List.copyOf(applications);
    }

    /**
     * From which restore points, and how much of them. By the seed the same choice is made again, as long as the same restore
     * points are there.
     *
     * @param points from which ones
     * @param seed of what is drawn: points and files
     * @param share of the files of each application, above 0; 1 for all
     */
    public record Choice(PointRule points, long seed, double share) {

        /** All of the newest. */
        public static final Choice NEWEST = new Choice(PointRule.NEWEST, 0, 1);

        public Choice {
            if (!(share > 0 && share <= 1)) {
                throw new IllegalArgumentException("a share is above nothing and not more than all: " + share);
            }
        }

        /** Whether only a sample is restored, so that it does not count as a rehearsal of the whole. */
        public boolean isPartial() {
            return share < 1;
        }
    }

    /** One in which everything that is started has a network of its own. */
    public DrillOrder(Path plan, Path scratch, List<String> applications, Choice choice) {
        this(plan, scratch, applications, choice, false);
    }

    /** The same where what cannot have a network of its own may be started in that of this machine. */
    public DrillOrder sharingNetwork(boolean may) {
        return new DrillOrder(plan, scratch, applications, choice, may);
    }

    /** All applications of a plan, whole, from their newest restore points. */
    public static DrillOrder of(Path plan, Path scratch) {
        return new DrillOrder(plan, scratch, List.of(), Choice.NEWEST);
    }
}
