package org.medbackup.resilience;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * By what a failure is known. All that it says must hold.
 *
 * @param code of the exception
 * @param stage of the job in which it was met; empty for any
 * @param context what the exception says beside its message, as patterns that the whole value must match
 */
public record Sign(ErrorCode code, String stage, Map<String, Pattern> context) {

    public Sign {
        context = java.util.Collections.unmodifiableMap(new TreeMap<>(context));
    }

    /** Whether a failure shows it. */
    public boolean isShownBy(BackupException failure, String at) {
        if (failure.code() != code || !stage.isEmpty() && !stage.equals(at)) {
            return false;
        }
        Map<String, String> said = failure.context();
        return context.entrySet().stream()
                .allMatch(each -> each.getValue()
                        .matcher(said.getOrDefault(each.getKey(), ""))
                        .matches());
    }

    /** How much it says: of two signs that are shown, the one that says more counts. */
    int weight() {
        return context.size() + (stage.isEmpty() ? 0 : 1);
    }
}
