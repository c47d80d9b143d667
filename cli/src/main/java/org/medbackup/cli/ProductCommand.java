package org.medbackup.cli;

import java.util.concurrent.Callable;
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
        try (MedBackup product = root().open(Limits.none())) {
            return answer(product);
        }
    }

    /** Calls the product. */
    abstract Answer answer(MedBackup product);
}
