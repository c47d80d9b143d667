package org.medbackup.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.util.List;
import org.medbackup.audit.files.Bundle;
import org.medbackup.audit.files.Frame;
import org.medbackup.audit.note.Checkpoint;
import org.medbackup.audit.note.NoteReader;
import org.medbackup.audit.note.VerifierKey;
import org.medbackup.testkit.Fuzzing.Decoder;
import org.medbackup.testkit.Fuzzing.Target;
import org.medbackup.testkit.Fuzzing.Targets;

/** Every decoder of the audit trail. None throws: what it does not know is damage to be reported. */
@SuppressWarnings("exports")
public final class AuditDecoders implements Targets {

    private static final String ENTRY = "{\"seq\":0,\"ts\":\"2026-01-02T03:04:05Z\",\"op\":\"1\",\"event\":\"started\","
            + "\"action\":\"backup\",\"actor\":{\"name\":\"a\",\"host\":\"h\"},\"seconds\":1.5,\"facts\":{\"a\":\"b\"},"
            + "\"prevCheckpoint\":{\"size\":1,\"root\":\"" + "ab".repeat(32) + "\"}}";

    private static final String ROOT = "q".repeat(42) + "o=";

    /** For the process of Jazzer. */
    public AuditDecoders() {}

    private static Target target(String name, Decoder decoder, byte[]... seeds) {
        return new Target(name, decoder, thrown -> false, List.of(seeds));
    }

    private static byte[] text(String text) {
        return text.getBytes(UTF_8);
    }

    @Override
    public List<Target> all() {
        byte[] note = text("log\n1\n" + ROOT + "\n\n\u2014 log AAAAAAA=\n\n");
        return List.of(
                target("bundle", AuditDecoders::bundle, new Frame(text(ENTRY), new byte[Frame.TAG]).encode()),
                target("entry", AuditEntry::parse, text(ENTRY)),
                target("notes", AuditDecoders::notes, note),
                target(
                        "checkpoint",
                        bytes -> Checkpoint.parse(new String(bytes, ISO_8859_1)),
                        text("log\n1\n" + ROOT + "\n")),
                target(
                        "verifier-key",
                        bytes -> VerifierKey.parse(new String(bytes, UTF_8)),
                        text("log+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")));
    }

    /** As it is, and as the record of a frame whose sum is right. */
    private static void bundle(byte[] bytes) {
        Bundle.scan(bytes).leading();
        if (bytes.length <= Frame.LONGEST_RECORD) {
            byte[] framed = new Frame(bytes, new byte[Frame.TAG]).encode();
            Bundle.scan(framed).leading();
        }
    }

    private static void notes(byte[] bytes) throws java.io.IOException {
        var reader = new NoteReader(new ByteArrayInputStream(bytes), 0);
        while (reader.next() instanceof NoteReader.Read.Whole whole) {
            Checkpoint.parse(whole.note().text());
        }
    }
}
