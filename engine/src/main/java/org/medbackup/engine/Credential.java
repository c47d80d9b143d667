package org.medbackup.engine;

import org.medbackup.core.Secret;

/** What opens a repository. The secret stays the caller's to wipe. */
public sealed interface Credential {

    /** The repository's password. */
    record Password(Secret secret) implements Credential {}

    /** The text of a role's key file. */
    record KeyFile(Secret secret) implements Credential {}
}
