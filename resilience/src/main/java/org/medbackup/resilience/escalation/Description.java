package org.medbackup.resilience.escalation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;

/**
 * What people need to know of a failure. Never holds the name of a file, a patient's data or a secret; line breaks are
 * taken out, and what is longer than 400 characters is cut. Immutable.
 *
 * @param title what failed, in one sentence
 * @param host on which it was met
 * @param tried what was tried without a person, in one sentence; empty where nothing was
 * @param next when it is tried again without a person; null where it is not
 * @param remedy what to do, in one or two sentences, with the command where there is one
 */
public record Description(
        String title, String host, String tried, @Nullable Instant next, String remedy) {

    public Description {
        title = Wording.text(title);
        host = Wording.text(host);
        tried = Wording.text(tried);
        remedy = Wording.text(remedy);
    }

    /** Title and remedy of the catalogue; nothing was tried, and nothing will be. */
    public static Description of(ErrorCode code, String host) {
        return new Description(code.title(), host, "", null, code.remedy());
    }
}
