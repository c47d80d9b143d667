package org.medbackup.audit.note;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.audit.note.NoteReader.Read;

class NoteTest {

    // The example in the documentation of golang.org/x/mod/sumdb/note
    private static final String GO_VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    private static final String GO_SEED = "gQoUAtUUbI2E8kQzMPVAgOv5juF9nHT2JS/F1ccoMXM=";
    private static final String GO_TEXT = """
            If you think cryptography is the answer to your problem,
            then you don't know what your problem is.
            """;
    private static final String GO_SIGNATURE = "— PeterNeumann "
            + "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    private static final NoteSigner SIGNER = NoteSigner.fromSeed("log", new byte[32]);

    private static String latin1(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static List<Read> read(String file) throws IOException {
        var in = new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8));
        var reader = new NoteReader(in, 0);
        var all = new ArrayList<Read>();
        for (Read read = reader.next(); read != null; read = reader.next()) {
            all.add(read);
        }
        return all;
    }

    private static SignedNote note(String text) throws IOException {
        return ((Read.Whole) read(text + "\n").getFirst()).note();
    }

    @Test
    void keysSignAsTheGoPackageDoes() throws IOException {
        NoteSigner signer =
                NoteSigner.fromSeed("PeterNeumann", Base64.getDecoder().decode(GO_SEED));

        assertThat(signer.verifier()).hasToString(GO_VERIFIER);
        assertThat(signer.sign(GO_TEXT)).isEqualTo(GO_TEXT + "\n" + GO_SIGNATURE);
        assertThat(note(GO_TEXT + "\n" + GO_SIGNATURE).isSignedBy(signer.verifier()))
                .isTrue();
    }

    // RFC 8032, section 7.1, test 1
    @Test
    void publicKeysFollowFromPrivateOnesAsRfc8032Says() {
        byte[] seed = HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        String text = NoteSigner.fromSeed("log", seed).verifier().toString();

        byte[] typed = Base64.getDecoder().decode(text.split("\\+", 3)[2]);
        assertThat(Arrays.copyOfRange(typed, 1, 33))
                .isEqualTo(HexFormat.of().parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
    }

    @Test
    void aVerifierKeyIsReadOnlyAsItIsWritten() {
        VerifierKey key = VerifierKey.parse(GO_VERIFIER);

        assertThat(key)
                .isEqualTo(VerifierKey.parse(GO_VERIFIER))
                .hasSameHashCodeAs(VerifierKey.parse(GO_VERIFIER))
                .isNotEqualTo(SIGNER.verifier())
                .isNotEqualTo("a key");
        assertThat(List.of(
                        "",
                        "a+b",
                        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                        GO_VERIFIER.replace("c74f20a3", "c74f20a4"),
                        GO_VERIFIER.replace("Peter", "peter"),
                        GO_VERIFIER.replace("+AR", "+Ah"),
                        GO_VERIFIER.replace("10TW", "!!!!"),
                        GO_VERIFIER + "AAAA"))
                .allSatisfy(text -> assertThat(VerifierKey.parse(text)).isNull());
    }

    @Test
    void linesOfOtherKeysAreIgnoredAndAWrongLineOfThisKeySpoilsTheNote() throws IOException {
        VerifierKey key = SIGNER.verifier();
        String signed = SIGNER.sign("text\n");
        String line = signed.substring(signed.indexOf('—'));
        String other = NoteSigner.fromSeed("witness", new byte[32]).sign("text\n");
        String sameName = NoteSigner.fromSeed("log", HexFormat.of().parseHex("01".repeat(32)))
                .sign("text\n");
        String wrong = SIGNER.sign("another text\n");

        assertThat(note(signed).isSignedBy(key)).isTrue();
        assertThat(note(other + line).isSignedBy(key)).isTrue();
        assertThat(note(sameName + line).isSignedBy(key)).isTrue();
        assertThat(note(other).isSignedBy(key)).isFalse();
        assertThat(note(signed + wrong.substring(wrong.indexOf('—'))).isSignedBy(key))
                .isFalse();
        assertThat(note("text\n\n— log AAAA\n").isSignedBy(key)).isFalse();
        assertThat(note(signed.replace("text", "Text")).isSignedBy(key)).isFalse();
        assertThat(note(signed.substring(0, signed.length() - 8) + "\n").isSignedBy(key))
                .isFalse();
    }

    @Test
    void damagedNotesAreToldAndTheNextWholeOneIsFound() throws IOException {
        String first = SIGNER.sign("one\n") + "\n";
        String second = SIGNER.sign("two\n") + "\n";
        String line = first.substring(first.indexOf('—'));

        assertThat(read(first + second))
                .map(Read::getClass)
                .<Class<?>>map(type -> type)
                .containsExactly(Read.Whole.class, Read.Whole.class);
        assertThat(read("lost\n\n" + second).getFirst()).isEqualTo(new Read.Malformed(0));
        assertThat(read(first + line + second).get(1)).isEqualTo(new Read.Malformed(first.length() + 2));
        assertThat(read(first + line + second).get(2)).isInstanceOf(Read.Whole.class);
        assertThat(read("\n" + second).getFirst()).isEqualTo(new Read.Malformed(0));
        assertThat(read("\n" + second).get(1)).isInstanceOf(Read.Whole.class);
        assertThat(read("x".repeat(70_000) + "\n\n" + second).getFirst()).isEqualTo(new Read.Malformed(0));
        assertThat(read("x".repeat(70_000) + "\n\n" + second).get(1)).isInstanceOf(Read.Whole.class);
    }

    @Test
    void aNoteThatRunsIntoTheNextIsSignedByNobody() throws IOException {
        String merged = SIGNER.sign("one\n").replace("\n\n", "\n") + SIGNER.sign("two\n") + "\n";

        assertThat(note(merged).isSignedBy(SIGNER.verifier())).isFalse();
    }

    @Test
    void aNoteWithoutItsEndIsTorn() throws IOException {
        byte[] first = (SIGNER.sign("one\n") + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] both = Arrays.copyOf(first, 2 * first.length);
        System.arraycopy(first, 0, both, first.length, first.length);

        for (int length = first.length + 1; length < both.length; length++) {
            var reader = new NoteReader(new ByteArrayInputStream(both, 0, length), 0);

            assertThat(reader.next()).isInstanceOf(Read.Whole.class);
            assertThat(reader.next()).isEqualTo(new Read.Torn(first.length));
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void aCheckpointIsReadOnlyAsItIsWritten() {
        var checkpoint = new Checkpoint("log", new TreeHead(7, Hash.EMPTY_TREE));
        String text = checkpoint.text();

        assertThat(text).isEqualTo("log\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
        assertThat(Checkpoint.parse(latin1(text))).isEqualTo(checkpoint);
        assertThat(List.of(
                        "",
                        text.replace("7\n", "07\n"),
                        text.replace("7\n", "-7\n"),
                        text.replace("7\n", "x\n"),
                        text.replace("uFU=", "uFV="),
                        text.replace("47DE", ""),
                        text + "more\n"))
                .allSatisfy(wrong -> assertThat(Checkpoint.parse(wrong)).isNull());
    }
}
