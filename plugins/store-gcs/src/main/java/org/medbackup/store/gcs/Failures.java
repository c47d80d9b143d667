package org.medbackup.store.gcs;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * What the answers of a target mean. Messages hold the target's own code and number, and never its text, which may quote
 * requests, keys and names; causes are not kept, since their texts may too.
 */
final class Failures {

    /** The service says so with 403 too. */
    private static final Set<String> BUSY = Set.of("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded");

    private static final Set<String> KEPT = Set.of("retentionPolicyNotMet", "objectUnderActiveHold");
    /** Both are told by the same status and reason. */
    private static final String NO_BUCKET = "bucket does not exist";

    private static final String NO_OBJECT = "No such object";

    private Failures() {}

    /** What a refusal means. */
    static BackupException of(Answer answer, String act) {
        BackupException meaning = meaning(answer, act).with("http", answer.status());
        String reason = answer.reason();
        if (!reason.isEmpty()) {
            meaning.with("said", reason);
        }
        answer.header("Retry-After")
                .map(String::strip)
                .filter(each -> each.matches("[0-9]{1,9}"))
                .ifPresent(pause -> meaning.with("retryAfter", pause));
        return meaning;
    }

    /** What the refusal of a put means: where nothing was there to be made, it is the bucket that is missing. */
    static BackupException ofPut(Answer answer) {
        return answer.status() == 404 ? noBucket().with("http", 404) : of(answer, "put");
    }

    private static BackupException meaning(Answer answer, String act) {
        int status = answer.status();
        String reason = answer.reason();
        String said = "cannot " + act + ": " + status + (reason.isEmpty() ? "" : " " + reason);
        if (status == 404) {
            return answer.says(NO_BUCKET) ? noBucket() : ErrorCode.OBJECT_MISSING.because("it is not in the bucket");
        }
        if (status == 401 || status == 403 && !BUSY.contains(reason)) {
            return ErrorCode.STORE_DENIED.because(said);
        }
        return ErrorCode.STORE_UNAVAILABLE.because(said);
    }

    static BackupException noBucket() {
        return ErrorCode.BUCKET_NOT_FOUND.because("there is no such bucket");
    }

    /** Whether it is open what is missing, the object or its bucket: Google says it in words, others do not. */
    static boolean isUnclear(Answer answer) {
        return answer.status() == 404 && !answer.says(NO_BUCKET) && !answer.says(NO_OBJECT);
    }

    /** What the refusal to delete an object means. */
    static BackupException refusedDeletion(Answer answer) {
        String reason = answer.reason();
        BackupException refused = ErrorCode.DELETION_REFUSED
                .because("cannot delete: " + answer.status() + (reason.isEmpty() ? "" : " " + reason))
                .with("http", answer.status());
        return reason.isEmpty() ? refused : refused.with("said", reason);
    }

    /** Whether a refusal to delete is about the object: it is kept, or the right to delete it is missing. */
    static boolean isRefusedDeletion(Answer answer) {
        String reason = answer.reason();
        return switch (answer.status()) {
            // A token without the scope, or an account that is closed, is nothing that this object refuses.
            case 403 -> KEPT.contains(reason) || reason.isEmpty() || reason.equals("forbidden");
            case 412 -> KEPT.contains(reason);
            default -> false;
        };
    }

    /** Whether an object is refused for its retention, which it is in a bucket that keeps none; sums are refused likewise. */
    static boolean isRefusedLock(Answer answer) {
        return answer.status() == 400 && !answer.says("CRC32C") && !answer.says("crc32c");
    }

    /** Whether the name of an object that was to be made is taken. */
    static boolean isTaken(Answer answer) {
        return answer.status() == 412
                && (answer.reason().isEmpty() || answer.reason().equals("conditionNotMet"));
    }

    /**
     * Whether a request may have had its effect although it was refused, or another's took its place. Who has no right to
     * replace what is there is told of the right alone.
     */
    static boolean leavesOpen(Answer answer) {
        return isBroken(answer) || answer.status() == 403 || answer.status() == 409 || answer.status() == 412;
    }

    /** Whether the service failed, rather than refused. */
    static boolean isBroken(Answer answer) {
        return answer.status() >= 500 || answer.status() == 408;
    }

    /** What it means that no answer came. */
    static BackupException unanswered(IOException failed, String act) {
        if (isInterrupted(failed)) {
            return ErrorCode.CANCELLED.because("interrupted while working with the target");
        }
        String cause = cause(failed);
        return ErrorCode.STORE_UNAVAILABLE
                .because("cannot " + act + ": no answer, or only part of one (" + cause + ")")
                .with("cause", cause);
    }

    /** An answer that ended, or stopped, before its end. */
    static BackupException ended(IOException cut) {
        if (isInterrupted(cut)) {
            return ErrorCode.CANCELLED.because("interrupted while working with the target");
        }
        return cut instanceof SocketTimeoutException
                ? ErrorCode.STORE_UNAVAILABLE
                        .because("cannot read: the answer stopped")
                        .with("cause", "SocketTimeoutException")
                : ErrorCode.STORE_UNAVAILABLE
                        .because("cannot read: the answer was cut")
                        .with("cause", "cut");
    }

    private static boolean isInterrupted(IOException failed) {
        for (Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof InterruptedException
                    || each instanceof InterruptedIOException && !(each instanceof SocketTimeoutException)) {
                return true;
            }
        }
        return false;
    }

    /** What broke the way, by the name that the catalogue of failures knows; the client of the JDK hides some of them. */
    private static String cause(IOException failed) {
        Throwable root = failed;
        boolean isProtection = false;
        String known = known(failed);
        while (root.getCause() != null) {
            isProtection |= root instanceof SSLException;
            root = root.getCause();
            String deeper = known(root);
            // What is behind a connection that was refused says more than that, where it says anything.
            known = deeper.isEmpty() ? known : deeper;
        }
        if (!known.isEmpty() && !isProtection) {
            return known;
        }
        boolean isCut = root instanceof EOFException
                || root instanceof SocketException
                || root instanceof ClosedChannelException
                || root.getClass() == IOException.class;
        return isCut && !isProtection ? "SocketException" : root.getClass().getSimpleName();
    }

    private static String known(Throwable each) {
        return switch (each) {
            case UnknownHostException host -> "UnknownHostException";
            case UnresolvedAddressException host -> "UnknownHostException";
            case NoRouteToHostException route -> "NoRouteToHostException";
            case SocketTimeoutException silent -> "SocketTimeoutException";
            case HttpTimeoutException silent -> "SocketTimeoutException";
            case ConnectException refused -> "ConnectException";
            default -> "";
        };
    }
}
