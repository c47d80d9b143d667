package org.medbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;

/**
 * Trees, proofs, tiles and signatures, read by a program in Go that has none of our code: {@code transparency-dev/merkle}, {@code
 * golang.org/x/mod/sumdb/note} and {@code cloudflare/circl}.
 */
class IndependentVerifierTest {

    @TempDir
    Path temp;

    private Path program;

    @BeforeEach
    void find() throws Exception {
        Path sources = Path.of(System.getProperty("testreport.root"), "dev", "audit-verifier");
        MessageDigest sum = MessageDigest.getInstance("SHA-256");
        for (String name : List.of("main.go", "go.mod", "go.sum")) {
            sum.update(Files.readAllBytes(sources.resolve(name)));
        }
        String cache = System.getenv("XDG_CACHE_HOME");
        Path tools = (cache == null || cache.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(cache))
                .resolve("medbackup-test-tools");
        program = tools.resolve("audit-verifier-"
                        + HexFormat.of().formatHex(sum.digest()).substring(0, 12))
                .resolve("audit-verifier");
        assumeTrue(Files.isExecutable(program), "needs the program of dev/install-audit-verifier");
    }

    private Completed run(Path... arguments) {
        List<String> words = new ArrayList<>(List.of(program.toString()));
        for (Path each : arguments) {
            words.add(each.toString());
        }
        return Processes.system().run(Command.of(words.toArray(String[]::new)).within(Duration.ofSeconds(60)));
    }

    private static String hashes(List<Hash> path) {
        return path.stream().map(each -> '"' + each.toString() + '"').collect(Collectors.joining(",", "[", "]"));
    }

    @Test
    void itComesToTheSameRootsAndAcceptsAllProofsAndBothSignatures() throws IOException {
        int entries = 700;
        Path folder = Trails.closed(temp.resolve("audit"), entries);
        List<String> claims = new ArrayList<>();
        String root;
        try (AuditTrail trail = Trails.openWithoutSync(folder)) {
            root = trail.head().root().toString();
            for (long index = 0; index < entries; index += 7) {
                claims.add("{\"index\":%d,\"size\":%d,\"path\":%s}"
                        .formatted(
                                index,
                                entries,
                                hashes(trail.proofOfInclusion(index).path())));
            }
            for (long from = 1; from <= entries; from += 23) {
                for (long to = from; to <= entries; to += 61) {
                    claims.add("{\"from\":%d,\"to\":%d,\"path\":%s}"
                            .formatted(
                                    from,
                                    to,
                                    hashes(trail.proofOfConsistency(from, to).path())));
                }
            }
        }
        Path proofs = Files.write(temp.resolve("proofs"), claims);

        Completed done = run(folder, proofs);
        assertThat(done.errors()).isEmpty();
        JsonValue.Members said = Json.parseMembers(done.output());
        AuditVerification ours = Trails.verify(folder);
        assertThat(said.whole("entries")).isEqualTo(entries);
        assertThat(said.text("root")).isEqualTo(root);
        assertThat(said.whole("tiles")).isEqualTo(2);
        assertThat(said.whole("checkpoints")).isEqualTo(ours.checkpoints());
        assertThat(said.whole("both")).isEqualTo(ours.checkpoints());
        assertThat(said.whole("inclusion") + said.whole("consistency")).isEqualTo(claims.size());
        assertThat(said.whole("consistency")).isGreaterThan(150);
    }

    @Test
    void itRefusesWhatWeRefuse() throws IOException {
        Path folder = Trails.closed(temp.resolve("audit"), 300);
        for (String name : List.of("entries/000", "entries/001", "tile/0/000", "checkpoints", "key.pub")) {
            Path file = folder.resolve(name);
            byte[] content = Files.readAllBytes(file);
            byte[] changed = content.clone();
            changed[content.length - 20] ^= 1;
            Files.write(file, changed);

            assertThat(run(folder).exitCode()).as(name).isEqualTo(1);
            assertThat(Trails.verify(folder).valid()).as(name).isFalse();
            Files.write(file, content);
        }
        Path proofs = Files.writeString(
                temp.resolve("proofs"), "{\"index\":3,\"size\":300,\"path\":[\"" + "00".repeat(32) + "\"]}\n");
        assertThat(run(folder, proofs).exitCode()).isEqualTo(1);
        assertThat(run(folder).exitCode()).isZero();
    }
}
