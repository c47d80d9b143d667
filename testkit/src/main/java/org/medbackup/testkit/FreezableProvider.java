package org.medbackup.testkit;

import java.util.List;
import java.util.Set;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;

/** Opens addresses such as {@code freezable://127.0.0.1:4711/folder}. */
public final class FreezableProvider implements ApplicationProvider {

    /** For the service loader. */
    public FreezableProvider() {}

    @Override
    public Set<String> kinds() {
        return Set.of("freezable");
    }

    @Override
    public List<ConnectionOption> options() {
        return List.of(
                ConnectionOption.secret("password", "What the server requires."),
                ConnectionOption.optional("markMillis", "How long a mark takes; 0 where it is not given."),
                ConnectionOption.optional("trusting", "Whether a mark is taken without asking."),
                ConnectionOption.optional("polite", "Whether the server is told that it goes."));
    }

    @Override
    public Application open(Connection connection, Outside outside) {
        return new FreezableApplication(connection);
    }

    @Override
    public ApplicationRecovery recovery(Outside outside) {
        throw ErrorCode.APPLICATION_FAILED.because("it does not come up again");
    }
}
