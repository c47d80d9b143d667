package org.medbackup.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.medbackup.core.Entropy;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.process.Processes;
import org.medbackup.corpus.Bytes;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.engine.CollectRequest;
import org.medbackup.engine.EngineContext;
import org.medbackup.engine.RetentionRules;
import org.medbackup.governor.Governor;
import org.medbackup.governor.Limits;
import org.medbackup.service.BackupOrder;
import org.medbackup.service.CredentialSource;
import org.medbackup.service.MedBackup;
import org.medbackup.service.RepositoryAccess;
import org.medbackup.service.Settings;

/**
 * A process that backs up or collects, again and again, until its input ends. To it an hour passes in a fraction of a
 * second, so that a suspension of half a second is longer than any lease. Says each thing it did in a line.
 */
final class SuspendedActor {

    /** Six hours pass in 0.36 seconds. */
    private static final int SPEED = 60_000;

    private SuspendedActor() {}

    private record FastTime(Instant start, long nanos0) implements TimeSource {

        @Override
        public Instant now() {
            return start.plusNanos((System.nanoTime() - nanos0) * SPEED);
        }

        @Override
        public long nanos() {
            return (System.nanoTime() - nanos0) * SPEED;
        }

        @Override
        public void sleep(Duration duration) {
            TimeSource.system().sleep(duration.dividedBy(SPEED));
        }
    }

    /**
     * Runs.
     *
     * @param arguments role, folder, a number that draws what it does, and the clock's start: all actors of a test agree on
     *     it in milliseconds and in nanoseconds of the machine
     */
    public static void main(String[] arguments) throws IOException {
        String name = arguments[0];
        Path folder = Path.of(arguments[1]);
        var random = SeededRandom.of(Long.parseLong(arguments[2]));
        var time = new FastTime(Instant.ofEpochMilli(Long.parseLong(arguments[3])), Long.parseLong(arguments[4]));
        var settings = new Settings(
                folder.resolve("state-" + name),
                new Actor("test", "localhost", null, null),
                EventSink.none(),
                new EngineContext.Sizing(1, 8L << 20, 1),
                "medbackup",
                time,
                Entropy.system(),
                Processes.system(),
                Governor.of(Limits.none()));
        boolean collects = name.equals("collector");
        var access = new RepositoryAccess(
                folder.resolve("repository").toString(),
                collects
                        ? new CredentialSource.Password(Secret.ofText(Program.PASSWORD))
                        : new CredentialSource.KeyFile(folder.resolve("writer.key")));
        try (MedBackup product = MedBackup.open(settings)) {
            while (System.in.available() == 0) {
                if (collects) {
                    collect(product, access);
                } else {
                    backUp(product, access, folder.resolve("source-" + name), random);
                }
            }
        }
    }

    private static void collect(MedBackup product, RepositoryAccess access) {
        try {
            var rules = new RetentionRules(1, 0, 0, 0, 0, Duration.ZERO);
            int removed =
                    product.forget(access, rules, List.of(), false).removed().size();
            long deleted =
                    product.collect(access, CollectRequest.usual()).packs().deleted();
            say("collected " + removed + " " + deleted);
        } catch (BackupException refused) {
            failed(refused);
        }
    }

    /** The contents come from a few, so that what is garbage now is wanted again soon. */
    private static void backUp(MedBackup product, RepositoryAccess access, Path source, SeededRandom random)
            throws IOException {
        Files.createDirectories(source);
        for (int i = 0; i < 3; i++) {
            Files.write(source.resolve("file" + i), Bytes.random(random.below(4), 300_000));
        }
        try {
            var result = product.backup(access, BackupOrder.of(List.of(PathBytes.of(source.toString()))));
            say("committed " + result.snapshot());
        } catch (BackupException refused) {
            failed(refused);
        }
    }

    private static void failed(BackupException refused) {
        say((refused.code() == ErrorCode.COMMIT_REFUSED ? "refused " : "failed ") + refused);
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
