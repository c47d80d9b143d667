package org.medbackup.service;

import java.time.Duration;
import java.time.Instant;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.engine.CopyResult;

/** Makes the copies that the ledger misses, each from where it is to where it shall be. Immutable. */
record CopyMaker(MedBackup product, JobTargets targets, CopyLedger ledger) {

    /** Whoever was to make a restore point has made it by then, or is not there any more. */
    private static final Duration OLD = Duration.ofMinutes(30);

    /**
     * Copies it.
     *
     * @return false where there is no such restore point: it was given up, or who was to make it was killed before
     */
    boolean isCopied(CopyLedger.Missing copy) {
        RepositoryAccess from = targets.access(copy.from());
        String to = targets.location(copy.to());
        CopyResult result;
        try {
            result = copy.to().equals(CopyLedger.REPOSITORY)
                    ? product.copyBack(from, copy.snapshot(), to)
                    : product.copy(from, copy.snapshot(), to);
        } catch (UsageException absent) {
            if (absent.code() != ErrorCode.SNAPSHOT_NOT_FOUND) {
                throw absent;
            }
            return false;
        }
        if (!result.isWhole()) {
            throw ErrorCode.OBJECT_DAMAGED.because("the restore point could not be copied whole");
        }
        return true;
    }

    /** Writes down what came of it, so that it is not missed any more. */
    void settle(CopyLedger.Missing copy, boolean made, Instant now) {
        if (made || Duration.between(copy.since(), now).compareTo(OLD) > 0) {
            ledger.settled(copy.snapshot(), copy.to());
        }
    }

    /** The target does not take it any more; true where that is what a failure says. */
    boolean isGivenUp(CopyLedger.Missing copy, BackupException failure) {
        if (failure.code() != ErrorCode.COPY_GIVEN_UP) {
            return false;
        }
        ledger.settled(copy.snapshot(), copy.to());
        return true;
    }
}
