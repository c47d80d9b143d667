package org.medbackup.control;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that is protected.
 *
 * @param name of the configuration
 * @param job that protects it; null where none does
 * @param lastSuccess when its newest good restore point was begun; null where there is none
 * @param lastVerified when a restore point of it was last proven; null where none was
 * @param copiesMissing how many copies are still to be made
 */
public record ObjectView(
        String name,
        @Nullable String job,
        @Nullable Instant lastSuccess,
        @Nullable Instant lastVerified,
        int copiesMissing,
        RpoView rpo) {

    public ObjectView {
        Names.requireName(name);
    }
}
