package org.medbackup.service;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.service.config.JobEntry;

/** Where a restore point of a job is to lie beside the target that it is stored at. Immutable. */
record CopyPlan(JobEntry job, CopyLedger ledger, TimeSource time) {

    private List<String> places(String stored) {
        var places = new ArrayList<String>();
        if (!stored.equals(CopyLedger.REPOSITORY)) {
            places.add(CopyLedger.REPOSITORY);
        }
        job.copies().stream().filter(each -> !each.equals(stored)).forEach(places::add);
        return places;
    }

    /** Writes down that a restore point is to be copied, which is stored at a target, or will be in a moment. */
    void wanted(String snapshot, String stored) {
        for (String place : places(stored)) {
            ledger.wanted(new CopyLedger.Missing(snapshot, stored, place, time.now()));
        }
    }

    /** There will never be such a restore point. */
    void settled(String snapshot) {
        ledger.settled(snapshot, CopyLedger.REPOSITORY);
        job.copies().forEach(place -> ledger.settled(snapshot, place));
    }
}
