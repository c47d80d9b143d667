package org.medbackup.service;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.core.spi.place.Placement;
import org.medbackup.core.spi.place.PlacementPolicy;

/**
 * Everything of the site lies at the repository itself under its first key, whatever the policy says of such files: it has to be
 * there at once, for the owner's key alone. What is locked and which policy was in force is as in every other restore point.
 *
 * @param inForce the policy in force
 */
record SitePlacement(PlacementPolicy inForce) implements PlacementPolicy {

    @Override
    public Placement place(FileFacts facts, Supplier<ByteBuffer> head) {
        Placement usual = Placement.DEFAULT;
        return new Placement(usual.keyDomain(), usual.tier(), usual.retentionClass(), lockGeneration());
    }

    @Override
    public int lockGeneration() {
        return inForce.lockGeneration();
    }

    @Override
    public int lockGeneration(String retentionClass) {
        return inForce.lockGeneration(retentionClass);
    }

    @Override
    public String digest() {
        return inForce.digest();
    }
}
