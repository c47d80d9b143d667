package org.medbackup.store.azure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.MessageDigest;
import java.time.Instant;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.throttle.Throttle;

/**
 * Makes objects by {@code If-None-Match: *} with their MD5: in one request, or by the commit of blocks that nobody sees
 * before. A put whose outcome is unknown is looked up: what lies there is ours when it is the same bytes.
 */
record Puts(Wire wire, Throttle throttle, Entropy entropy, BlobLocks locks) {

    /**
     * Makes an object unless its name is taken.
     *
     * @param now by which a lock is told from one that has ended
     */
    PutOutcome make(URI object, ObjectContent content, Instant now) {
        boolean isLocked = locks.locks(content.keeping(), now);
        return content.length() > Blocks.LENGTH && wire.access().mayPutBlocks()
                ? putBlocks(object, content, isLocked)
                : putWhole(object, content, isLocked);
    }

    /** A request that makes an object where there is none. */
    private static Ask ask(URI object, ObjectContent content, boolean isLocked) {
        Ask ask = new Ask("PUT", object).header("if-none-match", "*");
        return isLocked ? BlobLocks.lock(ask, content.keeping().until()) : ask;
    }

    private PutOutcome putWhole(URI object, ObjectContent content, boolean isLocked) {
        try (var whole = new Whole(content)) {
            Ask ask = ask(object, content, isLocked)
                    .header("x-ms-blob-type", "BlockBlob")
                    .header("content-md5", whole.sum());
            return made(object, ask, whole.body(), new Made(content.length(), whole.sum(), whole.sum(), isLocked));
        }
    }

    private PutOutcome putBlocks(URI object, ObjectContent content, boolean isLocked) {
        try (var blocks = new Blocks(wire, object, throttle, entropy)) {
            blocks.send(content);
            String sum = blocks.sum();
            Ask ask = ask(object, content, isLocked).query("comp", "blocklist").header("x-ms-blob-content-md5", sum);
            byte[] list = blocks.list();
            return made(
                    object,
                    ask,
                    Body.of(list, list.length),
                    new Made(content.length(), sum, Sums.of(list, list.length), isLocked));
        }
    }

    /**
     * What a put is known by.
     *
     * @param length of the object
     * @param sum of the object
     * @param answered sum of what the request carries, which the answer repeats
     * @param isLocked whether it is made with a lock
     */
    private record Made(long length, String sum, String answered, boolean isLocked) {}

    private PutOutcome made(URI object, Ask ask, Body body, Made ours) {
        BackupException failure;
        try (Answer answer = wire.send(ask, body)) {
            if (answer.isSuccess()) {
                return created(answer, ours);
            }
            if (Failures.isTaken(answer)) {
                return PutOutcome.EXISTED;
            }
            failure = Failures.of(answer, "put");
            if (ours.isLocked && Failures.isRefusedLock(answer)) {
                throw ErrorCode.LOCKS_UNAVAILABLE
                        .because("the container takes no object with a lock")
                        .with("said", answer.code());
            }
            if (!Failures.leavesOpen(answer)) {
                throw failure;
            }
        } catch (IOException unanswered) {
            failure = Failures.unanswered(unanswered, "put");
            if (failure.code() != ErrorCode.STORE_UNAVAILABLE) {
                throw failure;
            }
        }
        return outcome(object, ours, failure);
    }

    private static PutOutcome created(Answer answer, Made ours) {
        if (!answer.header("Content-MD5").orElse(ours.answered).equals(ours.answered)) {
            throw ErrorCode.OBJECT_DAMAGED.because("the target has other bytes than were sent to it");
        }
        return PutOutcome.CREATED;
    }

    /** What became of a put that was not answered, or answered with a failure of the target. */
    private PutOutcome outcome(URI object, Made ours, BackupException failure) {
        String sum;
        try (Answer there = wire.send(new Ask("HEAD", object))) {
            if (!there.isSuccess()) {
                throw failure;
            }
            if (AzureStore.length(there) != ours.length) {
                return PutOutcome.EXISTED;
            }
            sum = there.header("Content-MD5").orElse("");
        } catch (IOException unknown) {
            throw failure;
        }
        if (sum.isEmpty()) {
            sum = sumOf(object);
        }
        return sum.equals(ours.sum) ? PutOutcome.CREATED : PutOutcome.EXISTED;
    }

    /** Another's put may have left an object without a sum. */
    private String sumOf(URI object) {
        MessageDigest sum = Sums.begin();
        var piece = new byte[64 * 1024];
        try (Answer answer = wire.send(new Ask("GET", object))) {
            if (!answer.isSuccess()) {
                throw Failures.of(answer, "read");
            }
            InputStream in = answer.body();
            for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
                sum.update(piece, 0, got);
            }
        } catch (IOException cut) {
            throw Failures.ended(cut);
        }
        return Sums.end(sum);
    }
}
