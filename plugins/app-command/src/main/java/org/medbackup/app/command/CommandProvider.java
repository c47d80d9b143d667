package org.medbackup.app.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;
import org.medbackup.core.spi.app.FolderRecovery;
import org.medbackup.core.spi.app.ServiceFolders;

/** Opens {@code command://NAME}. */
public final class CommandProvider implements ApplicationProvider {

    /** For {@link java.util.ServiceLoader}. */
    public CommandProvider() {}

    @Override
    public Set<String> kinds() {
        return Set.of("command");
    }

    @Override
    public List<ConnectionOption> options() {
        List<ConnectionOption> all = new ArrayList<>(ServiceFolders.OPTIONS);
        for (Step step : Step.values()) {
            all.add(ConnectionOption.optional(
                    step.label(), step.meaning() + " Arguments, one a line, or with blanks between; no shell."));
            all.add(ConnectionOption.optional(
                    step.label() + "Success",
                    "Exit codes of " + step.label() + " that mean success, with commas between. " + step.usualSuccess()
                            + " where it is not given."));
            all.add(ConnectionOption.optional(
                    step.label() + "Timeout", "Seconds after which it is ended. The phase's budget where not given."));
        }
        all.add(ConnectionOption.optional(
                "statusThawed", "Exit codes of status that mean: not frozen. 1 where it is not given."));
        all.add(ConnectionOption.optional(
                "snapshotBy",
                "mark: the command mark takes the snapshot and shows it in the folders. product otherwise."));
        all.add(ConnectionOption.optional("account", "The account of this machine that the commands run as."));
        all.add(ConnectionOption.optional("preset", "iris: the commands of InterSystems IRIS. None where not given."));
        all.add(ConnectionOption.optional("instance", "Of IRIS. IRIS where it is not given."));
        all.add(ConnectionOption.optional("session", "The program irissession. /usr/bin/irissession where not given."));
        all.add(ConnectionOption.optional(
                "suspendLimit",
                "Seconds after which the write daemon of IRIS resumes by itself, 1 to 15. 15 where not given."));
        return List.copyOf(all);
    }

    @Override
    public Application open(Connection connection, Outside outside) {
        return new CommandApplication(connection, outside);
    }

    @Override
    public ApplicationRecovery recovery(Outside outside) {
        return new FolderRecovery();
    }
}
