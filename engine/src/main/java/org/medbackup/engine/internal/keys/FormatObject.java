package org.medbackup.engine.internal.keys;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.SignatureAlgorithm;

/**
 * The repository's description of itself, in clear: one line of JSON, and a line with its SHA-256.
 *
 * @param version of the format
 * @param repository id, 16 bytes
 * @param created when
 * @param signatures how holders sign; what counts is their keys, this is for programs that would not know them
 */
public record FormatObject(int version, byte[] repository, Instant created, SignatureAlgorithm signatures) {

    private static final int KNOWN = 1;
    private static final String ML_DSA = "ml-dsa-65";

    /** The description of a repository whose holders sign with Ed25519. */
    public FormatObject(int version, byte[] repository, Instant created) {
        this(version, repository, created, SignatureAlgorithm.ED25519);
    }

    /** The bytes of the object. */
    public byte[] encode() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("product", "MedBackup");
        members.put("format", version);
        members.put("id", HexFormat.of().formatHex(repository));
        members.put("created", created.toString());
        List<String> needed = signatures == SignatureAlgorithm.ED25519 ? List.of() : List.of(ML_DSA);
        members.put("features", Map.of("read", needed, "write", needed, "gc", needed));
        Map<String, Object> suite = new LinkedHashMap<>();
        suite.put("number", 1);
        suite.put("aead", "AES-256-GCM/64KiB");
        suite.put("id", "HMAC-SHA-256");
        suite.put("kdf", "HKDF-SHA-256");
        suite.put("kem", "X25519+ML-KEM-768");
        suite.put("signature", signatures.label());
        suite.put("compression", "zstd");
        members.put("suite", suite);
        String json = Json.canonical(JsonValue.of(members));
        String digest = HexFormat.of().formatHex(Crypto.sha256(json.getBytes(StandardCharsets.UTF_8)));
        return (json + "\nsha256 " + digest + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads a description.
     *
     * @throws BackupException with {@link ErrorCode#OBJECT_DAMAGED} where its checksum does not hold, or
     *     {@link ErrorCode#REPOSITORY_TOO_NEW} where it needs what this program does not know
     */
    public static FormatObject decode(byte[] object) {
        List<String> lines = new String(object, StandardCharsets.UTF_8).lines().toList();
        boolean shaped = lines.size() == 2 && lines.get(1).startsWith("sha256 ");
        byte[] json = shaped ? lines.getFirst().getBytes(StandardCharsets.UTF_8) : new byte[0];
        if (!shaped || !lines.get(1).equals("sha256 " + HexFormat.of().formatHex(Crypto.sha256(json)))) {
            throw ErrorCode.OBJECT_DAMAGED.because("its checksum does not hold");
        }
        try {
            JsonValue.Members members = Json.parseMembers(lines.getFirst());
            long version = members.whole("format");
            if (version > KNOWN) {
                throw ErrorCode.REPOSITORY_TOO_NEW.because("its format is version " + version + ", known is " + KNOWN);
            }
            members.members("features").values().forEach(FormatObject::refuseUnknown);
            if (members.members("suite").whole("number") != 1) {
                throw ErrorCode.REPOSITORY_TOO_NEW.because("its suite of algorithms is not known");
            }
            byte[] id = HexFormat.of().parseHex(members.text("id"));
            if (id.length != 16) {
                throw new IllegalArgumentException("an id has 16 bytes");
            }
            SignatureAlgorithm signatures =
                    members.members("features").items("read").contains(new JsonValue.Text(ML_DSA))
                            ? SignatureAlgorithm.ED25519_ML_DSA_65
                            : SignatureAlgorithm.ED25519;
            return new FormatObject((int) version, id, Instant.parse(members.text("created")), signatures);
        } catch (JsonException | IllegalArgumentException | java.time.DateTimeException malformed) {
            throw ErrorCode.OBJECT_DAMAGED.because("it is not the description of a repository", malformed);
        }
    }

    private static void refuseUnknown(String use, JsonValue needed) {
        if (needed instanceof JsonValue.Items items
                && items.values().stream().anyMatch(each -> !each.equals(new JsonValue.Text(ML_DSA)))) {
            throw ErrorCode.REPOSITORY_TOO_NEW.because(
                    "to " + use + ", it needs " + Json.write(items).replace("\"", ""));
        }
    }
}
