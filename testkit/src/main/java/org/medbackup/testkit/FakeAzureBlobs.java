package org.medbackup.testkit;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;

/**
 * The versions that a {@link FakeAzure} keeps. What Microsoft's documents say: a put makes a new current version; a deletion
 * without a version makes the current one a previous one, be it locked or not; a previous one is deleted by its id, the current
 * one is not; a version with a policy or a hold is not deleted; a locked policy is made longer alone.
 */
final class FakeAzureBlobs {

    private static final String UNTIL = "x-ms-immutability-policy-until-date";
    private static final String MODE = "x-ms-immutability-policy-mode";
    private static final Pattern BLOCK = Pattern.compile("<Uncommitted>([^<]+)</Uncommitted>");

    private final NavigableMap<String, NavigableMap<String, Blob>> blobs = new TreeMap<>();
    private final Map<String, Map<String, byte[]>> blocks = new HashMap<>();
    private int made;
    private boolean immutability = true;

    /** What the service says where it does not do something. */
    record Refusal(int status, String code) {}

    /** Ends a request with a refusal. */
    @SuppressWarnings("serial")
    static final class RefusedException extends RuntimeException {

        private final Refusal refusal;

        RefusedException(int status, String code) {
            super(code);
            this.refusal = new Refusal(status, code);
        }

        Refusal refusal() {
            return refusal;
        }
    }

    /** A version of a blob. */
    static final class Blob {

        private final String name;
        private final String version;
        private final byte[] bytes;
        private boolean isCurrent = true;
        private boolean isHeld;
        private String mode = "";
        private Instant until = Instant.EPOCH;

        Blob(String name, String version, byte[] bytes) {
            this.name = name;
            this.version = version;
            this.bytes = bytes;
        }

        String name() {
            return name;
        }

        byte[] bytes() {
            return bytes;
        }

        void hold() {
            isHeld = true;
        }

        Map<String, String> headers() {
            var headers = new TreeMap<>(Map.of("Content-MD5", md5(bytes), "x-ms-version-id", version));
            if (!mode.isEmpty()) {
                headers.put(UNTIL, DateTimeFormatter.RFC_1123_DATE_TIME.format(until.atZone(java.time.ZoneOffset.UTC)));
                headers.put(MODE, mode.toLowerCase(java.util.Locale.ROOT));
            }
            if (isHeld) {
                headers.put("x-ms-legal-hold", "true");
            }
            return headers;
        }

        String described(boolean withVersion) {
            String versions = withVersion
                    ? "<VersionId>" + version + "</VersionId>"
                            + (isCurrent ? "<IsCurrentVersion>true</IsCurrentVersion>" : "")
                    : "";
            return "<Blob><Name>" + name + "</Name>" + versions + "<Properties><Content-Length>" + bytes.length
                    + "</Content-Length></Properties></Blob>";
        }
    }

    void disableImmutability() {
        immutability = false;
    }

    private static String md5(byte[] bytes) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A version, or the current one where none is named. */
    Optional<Blob> find(String name, @Nullable String version) {
        return blobs.getOrDefault(name, new TreeMap<>()).values().stream()
                .filter(each -> version == null ? each.isCurrent : each.version.equals(version))
                .findFirst();
    }

    /** Makes a blob where there is no current version of the name. */
    void put(String name, byte[] bytes, Map<String, String> headers) {
        prove(bytes, headers);
        if (!"*".equals(headers.get("If-None-Match"))) {
            throw new RefusedException(400, "ThisFakeWantsConditionalPuts");
        }
        if (find(name, null).isPresent()) {
            throw new RefusedException(409, "BlobAlreadyExists");
        }
        keep(name, bytes, headers);
    }

    private static void prove(byte[] bytes, Map<String, String> headers) {
        String sum = headers.get("Content-MD5");
        if (sum != null && !sum.equals(md5(bytes))) {
            throw new RefusedException(400, "Md5Mismatch");
        }
    }

    /** Makes a version the current one. */
    void keep(String name, byte[] bytes, Map<String, String> headers) {
        var blob = new Blob(name, "2026-01-02T03:04:05.%07dZ".formatted(++made), bytes);
        setPolicy(blob, headers);
        find(name, null).ifPresent(older -> older.isCurrent = false);
        blobs.computeIfAbsent(name, each -> new TreeMap<>()).put(blob.version, blob);
    }

    private void setPolicy(Blob blob, Map<String, String> headers) {
        String date = headers.get(UNTIL);
        if (date == null) {
            return;
        }
        if (!immutability) {
            // Not documented under which name; this one is the fake's.
            throw new RefusedException(409, "VersionLevelImmutabilityNotSupported");
        }
        Instant until = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
        String mode = headers.getOrDefault(MODE, "Unlocked");
        boolean isLocked = blob.mode.equals("Locked");
        if (!until.isAfter(TimeSource.system().now())) {
            throw new RefusedException(400, "InvalidHeaderValue");
        }
        if (isLocked && (until.isBefore(blob.until) || !mode.equals("Locked"))) {
            throw new RefusedException(409, "BlobImmutableDueToPolicy");
        }
        blob.mode = mode;
        blob.until = until;
    }

    void retain(String name, @Nullable String version, Map<String, String> headers) {
        Blob blob = find(name, version).orElseThrow(() -> new RefusedException(404, "BlobNotFound"));
        setPolicy(blob, headers);
    }

    void stage(String name, String id, byte[] bytes, Map<String, String> headers) {
        prove(bytes, headers);
        blocks.computeIfAbsent(name, each -> new HashMap<>()).put(id, bytes);
    }

    void commit(String name, String list, Map<String, String> headers) {
        var whole = new ByteArrayOutputStream();
        Matcher block = BLOCK.matcher(list);
        while (block.find()) {
            byte[] bytes = blocks.getOrDefault(name, Map.of()).get(block.group(1));
            if (bytes == null) {
                throw new RefusedException(400, "InvalidBlockList");
            }
            whole.writeBytes(bytes);
        }
        put(name, whole.toByteArray(), headers);
        blocks.remove(name);
    }

    void delete(String name, @Nullable String version) {
        Blob blob = find(name, version).orElseThrow(() -> new RefusedException(404, "BlobNotFound"));
        if (version == null) {
            blob.isCurrent = false;
            return;
        }
        if (blob.isCurrent) {
            throw new RefusedException(403, "OperationNotAllowedOnRootBlob");
        }
        if (blob.isHeld) {
            throw new RefusedException(409, "BlobImmutableDueToLegalHold");
        }
        if (blob.until.isAfter(TimeSource.system().now())) {
            throw new RefusedException(409, "BlobImmutableDueToPolicy");
        }
        blobs.getOrDefault(name, new TreeMap<>()).remove(version);
    }

    void drop(String name) {
        blobs.remove(name);
    }

    /** By name, of each the oldest version first; without the previous ones unless all are wanted. */
    List<Blob> list(boolean all, Predicate<String> names) {
        var listed = new ArrayList<Blob>();
        blobs.forEach((name, versions) -> versions.values().stream()
                .filter(each -> names.test(name) && (all || each.isCurrent))
                .forEach(listed::add));
        return listed;
    }
}
