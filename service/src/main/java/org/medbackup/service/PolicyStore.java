package org.medbackup.service;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.medbackup.core.HostSeal;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/**
 * The policies that were activated on this host, and what they were simulated against: sealed files of the state folder, each
 * under its own name. {@code policy/version-N} is there once and for all, and the one with the highest number holds; so the
 * history is what lies there. Safe for use by several threads and processes.
 */
final class PolicyStore {

    static final String PURPOSE = "medbackup policy v1";

    private static final Pattern VERSION = Pattern.compile("version-[0-9]{10}");

    private final Path folder;
    private final HostSeal seal;

    PolicyStore(Path state, HostSeal seal) {
        this.folder = state.resolve("policy");
        this.seal = seal;
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
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(each -> each.getFileName().toString())
                    .filter(PolicyStore::isVersion)
                    .max(Comparator.naturalOrder())
                    .flatMap(this::read)
                    .map(PolicyStore::activated);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException failed) {
            throw unusable(failed);
        }
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
        write(name, document, draft -> {
            try {
                Files.createLink(folder.resolve(name), draft);
            } catch (FileAlreadyExistsException meanwhile) {
                throw ErrorCode.POLICY_OUTDATED.because("version " + version + " was activated already", meanwhile);
            }
        });
    }

    /** Remembers that a candidate was simulated against the policy in force. */
    void simulated(String candidate, String inForce, Simulated seen) {
        String name = name(candidate, inForce);
        write(
                name,
                Map.of("candidate", candidate, "inForce", inForce, "files", seen.files(), "weakened", seen.weakened()),
                draft -> Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE));
    }

    /** What came of simulating exactly this candidate against exactly this policy; empty where nobody has. */
    Optional<Simulated> simulation(String candidate, String inForce) {
        return read(name(candidate, inForce))
                .filter(each -> each.text("candidate").equals(candidate)
                        && each.text("inForce").equals(inForce))
                .map(each -> new Simulated(each.whole("files"), each.whole("weakened")));
    }

    private static String name(String candidate, String inForce) {
        return "simulated-" + candidate.substring(0, 16) + "-" + inForce.substring(0, 16);
    }

    private Optional<Members> read(String name) {
        try {
            byte[] sealed = Files.readAllBytes(folder.resolve(name));
            return Optional.of(Json.parseMembers(new String(seal.open(name, sealed), StandardCharsets.UTF_8)));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (GeneralSecurityException | JsonException | DateTimeException changed) {
            throw ErrorCode.POLICY_UNTRUSTED
                    .because("what lies in the state folder was changed, or was not written on this host", changed)
                    .with("file", name);
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    private interface Placing {
        void place(Path draft) throws IOException;
    }

    /** A draft beside, made durable, then given its name: whole or not at all. */
    private void write(String name, Map<String, Object> document, Placing placing) {
        try {
            Files.createDirectories(folder);
            Path draft = Files.createTempFile(folder, ".draft-", "");
            try {
                byte[] text = Json.write(JsonValue.of(document)).getBytes(StandardCharsets.UTF_8);
                Files.write(draft, seal.seal(name, text));
                try (var written = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                    written.force(true);
                }
                placing.place(draft);
            } finally {
                Files.deleteIfExists(draft);
            }
            try (var names = FileChannel.open(folder)) {
                names.force(true);
            }
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    private RuntimeException unusable(IOException failed) {
        return ErrorCode.STATE_UNUSABLE
                .because("the policy cannot be read or written there", failed)
                .with("state", folder);
    }
}
