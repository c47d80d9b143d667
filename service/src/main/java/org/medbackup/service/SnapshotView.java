package org.medbackup.service;

import java.util.Optional;
import org.medbackup.engine.Repository;
import org.medbackup.engine.Snapshot;

/**
 * A restore point and its last proof.
 *
 * @param snapshot the restore point
 * @param suspect whether it shows signs of ransomware and nobody has cleared it
 * @param verified when and how it was last verified, empty where never
 */
public record SnapshotView(Snapshot snapshot, boolean suspect, Optional<Repository.Verified> verified) {}
