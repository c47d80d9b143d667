package org.medbackup.core.event;

import org.jspecify.annotations.Nullable;

/**
 * Who acts, from where, and why.
 *
 * @param name the person or service
 * @param host the machine on which the call was made
 * @param reason free text of the caller, without patient data
 * @param purpose purpose-of-use code (HL7 v3 PurposeOfUse, such as {@code HOPERAT}), where policy asks for one
 */
public record Actor(
        String name,
        String host,
        @Nullable String reason,
        @Nullable String purpose) {}
