package org.medbackup.store.azure;

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
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * What the answers of a target mean. Messages hold the target's own code and number, and never its text, which may quote
 * requests, keys and names; causes are not kept, since their texts may too.
 */
final class Failures {

    private static final Set<String> FULL = Set.of("quotaexceeded", "insufficientstorage", "insufficientcapacity");
    private static final Set<String> NO_CONTAINER = Set.of("ContainerNotFound", "ContainerBeingDeleted");
    private static final String IMMUTABLE = "BlobImmutable";
    private static final Pattern LOCK_REFUSED =
            Pattern.compile("(?i)immutab|worm|versionlevel|versioning|notsupported|unsupported|InvalidHeaderValue");
    private static final String NO_RIGHT = "AuthorizationPermissionMismatch";
    /** The service takes no request that is older than a quarter of an hour. */
    private static final Duration SKEW = Duration.ofMinutes(15);

    private Failures() {}

    /** What a refusal means. */
    static BackupException of(Answer answer, String act) {
        BackupException meaning = meaning(answer, act).with("http", answer.status());
        String code = answer.code();
        if (!code.isEmpty()) {
            meaning.with("said", code);
        }
        answer.header("Retry-After")
                .map(String::strip)
                .filter(each -> each.matches("[0-9]{1,9}"))
                .ifPresent(pause -> meaning.with("retryAfter", pause));
        return meaning;
    }

    private static BackupException meaning(Answer answer, String act) {
        int status = answer.status();
        String code = answer.code();
        String said = "cannot " + act + ": " + status + (code.isEmpty() ? "" : " " + code);
        if (NO_CONTAINER.contains(code)) {
            return ErrorCode.BUCKET_NOT_FOUND.because("the account has no such container");
        }
        if (status == 404) {
            return ErrorCode.OBJECT_MISSING.because("it is not in the container");
        }
        if (status == 507 || FULL.contains(code.toLowerCase(Locale.ROOT))) {
            return ErrorCode.NO_SPACE.because(said);
        }
        if (status == 401 || status == 403) {
            return isSkewed(answer)
                    ? ErrorCode.CLOCK_UNUSABLE.because("the target's clock and this one differ by more than it allows")
                    : ErrorCode.STORE_DENIED.because(said);
        }
        return ErrorCode.STORE_UNAVAILABLE.because(said);
    }

    /** A clock that is far off is refused like a wrong key. */
    private static boolean isSkewed(Answer answer) {
        return answer.header("Date")
                .map(date -> {
                    try {
                        Instant theirs = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
                        return Duration.between(theirs, answer.received()).abs().compareTo(SKEW) > 0;
                    } catch (DateTimeException noDate) {
                        return false;
                    }
                })
                .orElse(false);
    }

    /** Whether a refusal to delete is about the object: a lock, a lease, or a right that is missing. */
    static boolean isRefusedDeletion(Answer answer) {
        String code = answer.code();
        return switch (answer.status()) {
            // A wrong key or token is nothing that this object refuses.
            case 403 -> code.isEmpty() || code.equals(NO_RIGHT);
            case 409 -> code.startsWith(IMMUTABLE);
            case 412 -> code.startsWith("Lease");
            default -> false;
        };
    }

    /**
     * Whether an object was refused for the lock with which it came. The service does not document which of its codes a
     * container gives that was made without support of version-level immutability.
     */
    static boolean isRefusedLock(Answer answer) {
        return (answer.status() == 400 || answer.status() == 409)
                && LOCK_REFUSED.matcher(answer.code()).find()
                && !answer.code().startsWith(IMMUTABLE);
    }

    /** Whether the name of an object that was to be made is taken. */
    static boolean isTaken(Answer answer) {
        return answer.status() == 412 && !answer.code().startsWith("Lease")
                || answer.code().equals("BlobAlreadyExists")
                // Who may make objects and not replace them is told so; see docs/store-azure.md.
                || answer.code().equals("UnauthorizedBlobOverwrite");
    }

    /**
     * Whether a request may have had its effect although it was refused, or another's took its place. Who has no right to
     * replace what is there is told of the right alone by some servers.
     */
    static boolean leavesOpen(Answer answer) {
        return answer.status() >= 500
                || answer.status() == 408
                || answer.code().startsWith(IMMUTABLE)
                || answer.code().equals(NO_RIGHT)
                || answer.code().equals("InvalidBlockList");
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
