package org.medbackup.recovery.plan;

import java.util.Map;
import org.medbackup.recovery.simulate.Resource;
import org.medbackup.recovery.simulate.Stage;

/** What one stage of a recovery takes, as far as it is known. */
public sealed interface Work permits StageWork, RestoreWork {

    /** Which stage. */
    Stage stage();

    /** By what share its own costs are not known: 0.1 where two of three times lie within a tenth. */
    double spread();

    /**
     * By what share the time is not known even where its costs are, such as that of what a limit decides.
     *
     * @param capacities a second
     */
    double error(Map<Resource, Double> capacities);

    /**
     * What it takes under limits where nothing else runs.
     *
     * @param capacities a second; a resource that is not named has no limit
     * @param factor by which its costs are higher than they are thought to be
     */
    StageWork at(Map<Resource, Double> capacities, double factor);
}
