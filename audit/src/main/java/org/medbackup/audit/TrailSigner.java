package org.medbackup.audit;

import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.medbackup.audit.note.NoteSigner;

/**
 * Signs with both keys of a trail: Ed25519, and ML-DSA-65 for the day on which somebody can break the first. The second is
 * made when it is needed, because that takes as long as many a command. Safe for use by several threads.
 */
final class TrailSigner {

    private final NoteSigner first;
    private final FutureTask<NoteSigner> second;

    /**
     * @param seed of the second key; cleared once it is made
     */
    TrailSigner(NoteSigner first, byte[] seed) {
        this.first = first;
        String name = first.verifier().name();
        this.second = new FutureTask<>(() -> {
            NoteSigner made = NoteSigner.mlDsa65FromSeed(name, seed);
            Arrays.fill(seed, (byte) 0);
            return made;
        });
    }

    /** Makes the second key beside what else is done, and signs with it once: the first time takes far the longest. */
    void prepare() {
        Thread.ofPlatform().daemon().name("medbackup-audit-key").start(() -> {
            second.run();
            second().line("warm\n");
        });
    }

    private NoteSigner second() {
        second.run();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return second.get();
                } catch (InterruptedException asked) {
                    interrupted = true;
                } catch (ExecutionException failed) {
                    throw new IllegalStateException("the second key cannot be made", failed.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The name of the trail. */
    String origin() {
        return first.verifier().name();
    }

    /** The public half of the first. */
    TrailKey first() {
        return new TrailKey(first.verifier(), null);
    }

    /** Both public halves. */
    TrailKey keys() {
        return new TrailKey(first.verifier(), second().verifier());
    }

    /**
     * The note: text, an empty line, two signature lines.
     *
     * @param text ends with a line feed
     */
    String sign(String text) {
        return first.sign(text) + second().line(text);
    }
}
