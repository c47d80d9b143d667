package org.medbackup.service;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.AuditTrail;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.service.Operations.Ending;

/** A site that was restored with bare hands: with nothing but the program, the repository and the owner's key. */
public final class SiteOperations {

    private static final String RESTORE = "site-restore";

    /** What is restored after it. */
    private static final Set<String> RESTORES = Set.of("app-restore", "restore");

    private final Settings settings;
    private final Operations operations;
    private final AuditTrail audit;

    SiteOperations(Settings settings, Operations operations, AuditTrail audit) {
        this.settings = settings;
        this.operations = operations;
        this.audit = audit;
    }

    /**
     * A recovery with bare hands, as the audit trail has it.
     *
     * @param began when the restore of the site began
     * @param took from then until now
     * @param restores how many restores have succeeded since
     */
    public record Recovered(Instant began, Duration took, int restores) {}

    /**
     * Writes down in the audit trail, as {@code bare-hands}, how long a recovery has taken since the site began to be restored.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#USAGE} where the trail knows of no such restore
     */
    public Recovered recovered() {
        Recovered recovered = measured();
        return operations.run(
                "bare-hands",
                Facts.NONE,
                log -> recovered,
                done -> Ending.success(Facts.of("began", done.began().toString())
                        .and("seconds", done.took().toMillis() / 1e3)
                        .and("restores", done.restores())));
    }

    private Recovered measured() {
        @Nullable AuditEntry site = null;
        List<AuditEntry> since = new ArrayList<>();
        try (Stream<AuditEntry> entries = audit.entries(0)) {
            for (AuditEntry each : (Iterable<AuditEntry>) entries::iterator) {
                String action = each.action();
                if (!each.event().equals("ended") || action == null) {
                    continue;
                }
                if (action.equals(RESTORE)) {
                    site = each;
                    since.clear();
                } else if (RESTORES.contains(action) && "SUCCESS".equals(each.outcome())) {
                    since.add(each);
                }
            }
        }
        if (site == null) {
            throw ErrorCode.USAGE.because("no site was restored into this state folder");
        }
        long millis = Math.round(Double.parseDouble(site.facts().getOrDefault("seconds", "0")) * 1e3);
        Instant began = site.time().minusMillis(millis);
        return new Recovered(began, Duration.between(began, settings.time().now()), since.size());
    }
}
