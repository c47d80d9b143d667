package org.medbackup.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.governor.Limits;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that makes one call on the product. */
abstract class ProductCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command is called
    CommandSpec spec;

    final Root root() {
        return (Root) spec.root().userObject();
    }

    @Override
    public final Integer call() {
        Root root = root();
        root.terminal().configure(root.json, root.quiet, root.verbose);
        Answer answer = answer();
        root.terminal().print(answer);
        return answer.exitCode();
    }

    /** The exit code of a failure. */
    int exitCode(BackupException failure) {
        return ExitCode.of(failure);
    }

    /** Calls the product. */
    Answer answer() {
        LimitOptions limited = limited();
        if (limited == null) {
            try (MedBackup product = root().open(Limits.none())) {
                return answer(product);
            }
        }
        Thread command = Thread.currentThread();
        try (MedBackup product = root().open(limited.limits());
                MedBackup.Control _ = product.control(command::interrupt)) {
            return answer(product);
        }
    }

    /** The option for what it may use, where it has one; such a command can be told other limits while it runs. */
    @Nullable
    LimitOptions limited() {
        return null;
    }

    /** Calls the product. */
    abstract Answer answer(MedBackup product);
}
