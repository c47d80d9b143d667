package org.medbackup.cli;

import org.medbackup.governor.Limits;
import org.medbackup.service.Background;
import org.medbackup.service.MedBackup;

/** A command for which the limits of the configuration hold. Where there are any, it can be asked and told while it runs. */
abstract class GovernedCommand extends ProductCommand {

    /** Its own limits. */
    Limits ownLimits() {
        return Limits.none();
    }

    /** Whether it listens while it runs. */
    boolean hasControl() {
        return root().configuration().governor().isLimiting();
    }

    /** Whether nobody waits for it. */
    boolean isBackground() {
        return false;
    }

    @Override
    final Answer answer() {
        if (isBackground()) {
            Background.begin();
        }
        Thread command = Thread.currentThread();
        try (MedBackup product = root().open(ownLimits(), Background.fence(isBackground()));
                MedBackup.Control _ = hasControl() ? product.control(command::interrupt) : () -> {}) {
            return answer(product);
        }
    }
}
