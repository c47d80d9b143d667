package org.medbackup.audit.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue.Members;

/**
 * A set of controls by which a report is made.
 *
 * @param id by which it is named
 * @param version of its data
 * @param title of its reports
 * @param notice what stands on the first page of each of them
 * @param inForce whether it is law, or a publication that has been issued; not a proposal
 * @param controls in their order
 */
public record Profile(String id, String version, String title, String notice, boolean inForce, List<Control> controls) {

    private static final List<String> KNOWN = List.of("hipaa", "hipaa-nprm-2025", "hicp", "nist-800-53", "nist-800-66");

    public Profile {
        controls = List.copyOf(controls);
    }

    /** The names of all. */
    public static List<String> known() {
        return KNOWN;
    }

    /**
     * The one of a name.
     *
     * @throws org.medbackup.core.error.UsageException where there is none; it names those that there are
     */
    public static Profile of(String name) {
        if (!KNOWN.contains(name)) {
            throw ErrorCode.USAGE
                    .because("there is no such profile; there are " + String.join(", ", KNOWN))
                    .about(name);
        }
        Members json = Json.parseMembers(resource("controls/" + name + ".json"));
        return new Profile(
                json.text("id"),
                json.text("version"),
                json.text("title"),
                json.text("notice"),
                json.find("inForce").orElseThrow() instanceof org.medbackup.documents.JsonValue.Truth(boolean value)
                        && value,
                json.items("controls").stream()
                        .map(each -> Control.of((Members) each))
                        .toList());
    }

    /** The text of a file of this package, which every build has. */
    static String resource(String name) {
        try (InputStream stream = Profile.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException(name + " is missing in this build");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
