package org.medbackup.store.gcs;

import java.io.IOException;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;

/**
 * An upload in pieces, one after the other. Nothing of it is visible before the last one is there and the sum of all is
 * right; the service drops what never ends after a week.
 *
 * <p>Where a piece breaks off, the service is asked once what it has, and the upload goes on from there. Without any progress
 * since the last time it fails.
 */
final class Session implements AutoCloseable {

    /** Bytes of a piece: a multiple of 256 KiB, as the protocol wants it. What is no longer goes whole. */
    static final int PIECE = 8 << 20;

    private static final int INCOMPLETE = 308;
    private static final Pattern TAKEN = Pattern.compile("bytes=0-([0-9]{1,18})");

    private final Wire wire;
    private final URI address;
    private final long length;
    private final Feed feed;

    /**
     * One that the service has begun.
     *
     * @param address is all that is needed to send to it, so nobody shows it
     */
    Session(Wire wire, URI address, ObjectContent content) {
        this.wire = wire;
        this.address = address;
        this.length = content.length();
        this.feed = new Feed(content);
    }

    /** The service does not know an upload any more; whether the object is there is not known. */
    static final class GoneException extends IOException {

        private static final long serialVersionUID = 1L;
    }

    /**
     * Sends all of it.
     *
     * @return the answer by which it ended: that the object is there, or a refusal
     * @throws IOException where none came
     */
    Answer send() throws IOException {
        long from = 0;
        boolean stuck = false;
        while (true) {
            int part = (int) Math.min(PIECE, length - from);
            Answer answer = sent(from, part);
            if (answer.status() == 404 || answer.status() == 410) {
                answer.close();
                throw new GoneException();
            }
            if (answer.status() != INCOMPLETE) {
                return answer;
            }
            answer.close();
            long has = taken(answer);
            if (has < from || has > from + part || stuck && has == from) {
                throw stopped();
            }
            stuck = has == from;
            from = has;
        }
    }

    private static BackupException stopped() {
        return ErrorCode.STORE_UNAVAILABLE.because("cannot put: the target does not keep what it is sent");
    }

    /** How many bytes the service has for good. */
    private static long taken(Answer answer) {
        Matcher range = TAKEN.matcher(answer.header("Range").orElse(""));
        return range.matches() ? Long.parseLong(range.group(1)) + 1 : 0;
    }

    /** Sends a piece, and asks how far it came where it broke off. */
    private Answer sent(long from, int part) throws IOException {
        Answer answer;
        try {
            answer = part == 0 ? ask() : piece(from, part);
        } catch (IOException broken) {
            feed.rewind();
            return askAfter(broken, from + part == length);
        }
        boolean isWelcome = answer.header("Retry-After").isEmpty();
        return Failures.isBroken(answer) && isWelcome ? askAfter(answer) : answer;
    }

    private Answer piece(long from, int part) throws IOException {
        Ask ask = new Ask("PUT", address)
                .header("content-range", "bytes " + from + "-" + (from + part - 1) + "/" + length);
        return wire.send(ask, feed.piece(from, part));
    }

    private Answer ask() throws IOException {
        return wire.send(new Ask("PUT", address).header("content-range", "bytes */" + length));
    }

    /**
     * Asks how far the upload is. What broke first says more than what broke when it was asked for.
     *
     * @param isLast whether the object may be there already; else nobody need look for it
     */
    private Answer askAfter(IOException broken, boolean isLast) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw broken;
        }
        try {
            Answer state = ask();
            if (!Failures.isBroken(state)) {
                return state;
            }
            state.close();
        } catch (IOException again) {
            if (Thread.currentThread().isInterrupted()) {
                throw again;
            }
        }
        if (isLast) {
            throw broken;
        }
        throw Failures.unanswered(broken, "put");
    }

    private Answer askAfter(Answer broken) throws IOException {
        feed.rewind();
        try {
            Answer state = ask();
            if (!Failures.isBroken(state)) {
                broken.close();
                return state;
            }
            state.close();
        } catch (IOException again) {
            if (Thread.currentThread().isInterrupted()) {
                throw again;
            }
        }
        return broken;
    }

    @Override
    public void close() {
        feed.close();
    }
}
