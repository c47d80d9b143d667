package org.medbackup.service;

import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.medbackup.core.HostSeal;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.JsonValue.Members;

/**
 * The policies that were activated on this host, and what they were simulated against: sealed files of the state folder, each
 * under its own name. {@code policy/version-N} is there once and for all, and the one with the highest number holds; so the
 * history is what lies there. Safe for use by several threads and processes.
 */
final class PolicyStore {

    static final String PURPOSE = "medbackup policy v1";

    private static final Pattern VERSION = Pattern.compile("version-[0-9]{10}");

    private final SealedFolder folder;

    PolicyStore(Path state, HostSeal seal) {
        this.folder = new SealedFolder(state.resolve("policy"), seal, ErrorCode.POLICY_UNTRUSTED);
    }

    /** Whether a file of the folder is a policy that was activated. */
    static boolean isVersion(String name) {
        return VERSION.matcher(name).matches();
    }

    /**
     * A policy that was activated.
     *
     * @param text YAML, as it was signed
     * @param signatures as they lay beside it
     * @param activated since when
     */
    record Activated(String text, String signatures, Instant activated) {}

    /**
     * That somebody has seen what a policy would change.
     *
     * @param files how many were looked at
     * @param weakened of how many of them the protection would be less
     */
    record Simulated(long files, long weakened) {}

    /**
     * The one that holds; empty where none was activated.
     *
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#POLICY_UNTRUSTED} where it was changed
     */
    Optional<Activated> newest() {
        return folder.newest(PolicyStore::isVersion).flatMap(name -> folder.read(name, PolicyStore::activated));
    }

    private static Activated activated(Members read) {
        return new Activated(read.text("text"), read.text("signatures"), Instant.parse(read.text("activated")));
    }

    /**
     * Puts one in force.
     *
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#POLICY_OUTDATED} where one of this version was
     */
    void activate(int version, Activated policy) {
        var document = new LinkedHashMap<String, Object>();
        document.put("text", policy.text());
        document.put("signatures", policy.signatures());
        document.put("activated", policy.activated().toString());
        String name = String.format(Locale.ROOT, "version-%010d", version);
        if (!folder.create(name, document)) {
            throw ErrorCode.POLICY_OUTDATED.because("version " + version + " was activated already");
        }
    }

    /** Remembers that a candidate was simulated against the policy in force. */
    void simulated(String candidate, String inForce, Simulated seen) {
        String name = name(candidate, inForce);
        folder.replace(
                name,
                Map.of("candidate", candidate, "inForce", inForce, "files", seen.files(), "weakened", seen.weakened()));
    }

    /** What came of simulating exactly this candidate against exactly this policy; empty where nobody has. */
    Optional<Simulated> simulation(String candidate, String inForce) {
        return folder.read(name(candidate, inForce), each -> each)
                .filter(each -> each.text("candidate").equals(candidate)
                        && each.text("inForce").equals(inForce))
                .map(each -> new Simulated(each.whole("files"), each.whole("weakened")));
    }

    private static String name(String candidate, String inForce) {
        return "simulated-" + candidate.substring(0, 16) + "-" + inForce.substring(0, 16);
    }
}
