package org.medbackup.service;

import org.jspecify.annotations.Nullable;
import org.medbackup.core.Secret;

/**
 * What a caller shows under rules of access.
 *
 * @param token a token of the provider that the rules name; null for the user of the operating system, or a certificate
 * @param emergency whether somebody without the role wants to restore in an emergency
 */
public record Caller(@Nullable Secret token, boolean emergency) {

    /** The user of the operating system, in no emergency. */
    public static final Caller USUAL = new Caller(null, false);
}
