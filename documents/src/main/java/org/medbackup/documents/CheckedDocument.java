package org.medbackup.documents;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.documents.JsonValue.Members;

/**
 * A document in YAML that is held against its schema, and everything that is wrong with it, by lines. Whoever reads it adds what no
 * schema can say. Not safe for use by several threads.
 */
public final class CheckedDocument {

    private final List<Fault> faults = new ArrayList<>();
    private final @Nullable Yaml yaml;

    private CheckedDocument(String text, JsonSchema schema) {
        Yaml read = null;
        try {
            read = Yaml.parse(text);
        } catch (DocumentException malformed) {
            faults.add(new Fault(
                    malformed.position().line(),
                    "",
                    Objects.requireNonNullElse(malformed.getMessage(), "it is no YAML")));
        }
        this.yaml = read;
        if (read != null) {
            schema.check(read.value()).forEach(fault -> fault(fault.pointer(), fault.message()));
        }
    }

    /**
     * Something that is wrong.
     *
     * @param line in the document, from 1
     * @param key path of names with slashes between them; empty for the document itself
     * @param message one sentence, of what the document says alone
     */
    public record Fault(int line, String key, String message) {

        /** In one line. */
        public String text() {
            return "line " + line + (key.isEmpty() ? "" : ", " + key) + ": " + message;
        }
    }

    /** Reads a text. */
    public static CheckedDocument read(String text, JsonSchema schema) {
        return new CheckedDocument(text, schema);
    }

    /** What it says, where nothing is wrong so far. */
    public Optional<Members> root() {
        return faults.isEmpty() && yaml != null ? Optional.of((Members) yaml.value()) : Optional.empty();
    }

    /**
     * Something is wrong that no schema says.
     *
     * @param pointer where (RFC 6901)
     */
    public void fault(String pointer, String message) {
        int line = yaml == null ? 1 : yaml.at(pointer).line();
        faults.add(new Fault(line, pointer.isEmpty() ? "" : pointer.substring(1), message));
    }

    /** All that is wrong, by lines. */
    public List<Fault> faults() {
        return faults.stream().sorted(Comparator.comparingInt(Fault::line)).toList();
    }

    /** SHA-256 of what it says, in hexadecimal digits: comments and layout do not matter, order does. */
    public String digest() {
        try {
            String said = yaml == null ? "" : Json.write(yaml.value());
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(said.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
