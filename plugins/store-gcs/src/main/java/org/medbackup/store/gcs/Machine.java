package org.medbackup.store.gcs;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.regex.Pattern;
import org.medbackup.core.error.BackupException;

/**
 * The account that a machine of Google's runs as, of which its metadata server knows. The way there is not encrypted and
 * does not leave the machine's host.
 *
 * @param host name or number, with or without a port
 */
record Machine(String host) implements Issuer {

    static final String USUAL = "metadata.google.internal";
    static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]+(:[0-9]{1,5})?");

    private static final String NONE = "no credentials for Google Cloud Storage were found";

    @Override
    public Request request(Instant now) {
        URI token = URI.create("http://" + host + "/computeMetadata/v1/instance/service-accounts/default/token");
        // Without this header the server answers nobody, so that no page in a browser can ask it.
        return new Request(new Ask("GET", token).header("metadata-flavor", "Google"), Body.NONE);
    }

    @Override
    public BackupException refusal(Answer answer) {
        return answer.status() == 404
                ? Access.missing("this machine has no service account").with("http", 404)
                : Failures.of(answer, "get a token");
    }

    /** Elsewhere than at Google nobody has this name. */
    @Override
    public BackupException unanswered(IOException failed) throws IOException {
        for (Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof UnknownHostException || each instanceof ConnectException) {
                return Access.missing(NONE);
            }
        }
        throw failed;
    }
}
