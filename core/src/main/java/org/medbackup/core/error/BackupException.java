package org.medbackup.core.error;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The root of all failures of MedBackup. Its few kinds differ in what the caller does next; what exactly happened is the
 * {@link ErrorCode}.
 *
 * <p>The message never holds a file's name, a patient's data or a secret; where a path belongs to a failure, it stands
 * in the result beside the exception, or, where the call itself named it, in {@link #toCaller()} alone.
 */
public abstract sealed class BackupException extends RuntimeException
        permits UsageException,
                RefusedException,
                DamageException,
                CapacityException,
                UnavailableException,
                ApplicationException,
                FailedException,
                CancelledException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient Map<String, String> context = Collections.synchronizedMap(new TreeMap<>());

    private volatile String subject = "";

    BackupException(ErrorCode code, String detail, @Nullable Throwable cause) {
        super(code.title() + ": " + detail, cause);
        this.code = code;
    }

    /** Which failure of the catalogue this is. */
    public final ErrorCode code() {
        return code;
    }

    /** What an administrator does about it, as one or two sentences. */
    public final String remedy() {
        return code.remedy();
    }

    /** To what it happened: names of objects, stores, restore points; never patient data. A copy. */
    public final Map<String, String> context() {
        synchronized (context) {
            return Map.copyOf(context);
        }
    }

    /** Adds what is known on the way up, and returns this exception to be thrown on. */
    public final BackupException with(String key, Object value) {
        context.put(key, String.valueOf(value));
        return this;
    }

    /** Adds what the call itself named, such as a path: for the caller's eyes only, and returns this exception. */
    public final BackupException about(Object argument) {
        subject = String.valueOf(argument);
        return this;
    }

    /** As {@link #describe()}, with what the call named; for whoever made the call, never for a log. */
    public final String toCaller() {
        return subject.isEmpty() ? describe() : describe() + ": " + subject;
    }

    /** Message and context in one line. */
    public final String describe() {
        Map<String, String> known = new TreeMap<>(context());
        return known.isEmpty() ? String.valueOf(getMessage()) : getMessage() + " " + known;
    }
}
