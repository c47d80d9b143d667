package org.medbackup.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Policies to begin with: each is a file that a site takes and changes. */
public enum BuiltInPolicy {
    /** A disk in the house and an object store with locks. */
    CLINIC("clinic"),
    /** What holds where a site has written none: a disk, a store with locks, an archive. */
    HOSPITAL("hospital"),
    /** Images by their age on four tiers. */
    PACS("pacs"),
    /** Studies apart from people, and both apart from what is published. */
    RESEARCH("research");

    private final String file;

    BuiltInPolicy(String file) {
        this.file = file;
    }

    /** Its text, in YAML with remarks. */
    public String text() {
        try (InputStream stream =
                Objects.requireNonNull(BuiltInPolicy.class.getResourceAsStream(file + ".yaml"), "it is packed")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Read. */
    public Policy policy() {
        return Policy.parse(text());
    }
}
