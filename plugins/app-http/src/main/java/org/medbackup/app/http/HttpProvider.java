package org.medbackup.app.http;

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

/** Opens {@code app+https://host/base} and {@code app+http://host/base}. */
public final class HttpProvider implements ApplicationProvider {

    /** For {@link java.util.ServiceLoader}. */
    public HttpProvider() {}

    @Override
    public Set<String> kinds() {
        return Set.of("app+https", "app+http");
    }

    @Override
    public List<ConnectionOption> options() {
        List<ConnectionOption> all = new ArrayList<>(ServiceFolders.OPTIONS);
        all.addAll(List.of(
                ConnectionOption.optional("quiesce", "Method and path that stop the writes. POST /quiesce."),
                ConnectionOption.optional("status", "Method and path that tell the state. GET /status."),
                ConnectionOption.optional("resume", "Method and path that let it write again. POST /resume."),
                ConnectionOption.optional("state", "JSON pointer (RFC 6901) to the state in a status. /state."),
                ConnectionOption.optional("frozenState", "The state in which nothing is written. quiesced."),
                ConnectionOption.optional("runningState", "The state in which it works. running."),
                ConnectionOption.optional("position", "JSON pointer to the position in a status. The time otherwise."),
                ConnectionOption.optional("requestTimeout", "Seconds that one request may take. 10."),
                ConnectionOption.optional("caFile", "PEM file of the only authorities to trust. The JDK's otherwise."),
                ConnectionOption.optional("tokenUrl", "OAuth 2 token endpoint; no token is asked for without it."),
                ConnectionOption.optional("token", "JSON pointer to the token in its answer. /access_token."),
                ConnectionOption.optional("clientId", "Of OAuth 2 client credentials."),
                ConnectionOption.secret("clientSecret", "Of OAuth 2 client credentials."),
                ConnectionOption.optional("scope", "Of the token. None where it is not given.")));
        return List.copyOf(all);
    }

    @Override
    public Application open(Connection connection, Outside outside) {
        return new HttpApplication(connection, outside);
    }

    @Override
    public ApplicationRecovery recovery(Outside outside) {
        return new FolderRecovery();
    }
}
