package org.medbackup.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Creates a repository. */
@Command(name = "init", description = "Creates a repository; refuses to touch anything that is there.")
final class InitCommand extends ProductCommand {

    @Option(
            names = "--writer-key",
            paramLabel = "FILE",
            description = "Writes a key for unattended backups to a new file: it backs up and reads nothing.")
    @Nullable
    Path writerKey;

    @Override
    Answer answer(MedBackup product) {
        MedBackup.Initialised made = product.init(root().access(), writerKey);
        Answer answer = new Answer()
                .field("repository", made.location())
                .field("id", made.id())
                .field("format", made.format())
                .line("created repository " + made.id() + " at " + made.location());
        return writerKey == null
                ? answer
                : answer.line("writer's key in " + writerKey + "; keep the password elsewhere");
    }
}
