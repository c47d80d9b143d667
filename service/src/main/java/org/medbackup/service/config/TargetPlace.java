package org.medbackup.service.config;

/**
 * On what a target keeps data, and where it stands.
 *
 * @param media such as {@code disk}, {@code object} or {@code tape}
 * @param site name of another site than the one that is backed up; empty for the same one
 */
public record TargetPlace(String media, String site) {

    /** What can be told from a location, where nobody says more. */
    public static TargetPlace of(String location) {
        int end = location.indexOf(':');
        String scheme = end < 0 ? "file" : location.substring(0, end);
        return new TargetPlace(
                switch (scheme) {
                    case "s3", "azure", "gs" -> "object";
                    case "hsm" -> "tape";
                    default -> "disk";
                },
                "");
    }

    /** Whether it stands elsewhere than what is backed up. */
    public boolean isOffSite() {
        return !site.isEmpty();
    }
}
