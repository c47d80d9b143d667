package org.medbackup.core.event;

import org.jspecify.annotations.Nullable;

/**
 * Who acts, from where, and why.
 *
 * @param name the person or service
 * @param host the machine on which the call was made
 * @param reason free text of the caller, without patient data
 * @param purpose purpose-of-use code (HL7 v3 PurposeOfUse, such as {@code HOPERAT}), where policy asks for one
 * @param authentication how it is known who it is: {@code os} (the user of the process), {@code certificate}, {@code oidc},
 *     or {@code claimed} where nobody has proved it; null where an older version did not say
 * @param service the program that acts for them, such as {@code medbackup} or {@code control}; null as before
 */
public record Actor(
        String name,
        String host,
        @Nullable String reason,
        @Nullable String purpose,
        @Nullable String authentication,
        @Nullable String service) {

    /** Of whom nobody says how they are known, or by which program they act. */
    public Actor(String name, String host, @Nullable String reason, @Nullable String purpose) {
        this(name, host, reason, purpose, null, null);
    }

    /** The same, known in a way, by a program. */
    public Actor known(String by, String through) {
        return new Actor(name, host, reason, purpose, by, through);
    }
}
