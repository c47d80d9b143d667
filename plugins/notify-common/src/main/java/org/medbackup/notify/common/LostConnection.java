package org.medbackup.notify.common;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/** What it means for a notification that a connection failed. */
public final class LostConnection {

    private LostConnection() {}

    /**
     * A server whose certificate is not trusted, or that ends the handshake of TLS with an alert, is one that refuses: time
     * alone does not mend that. Everything else may pass.
     */
    public static BackupException as(Exception failed) {
        return refuses(failed)
                ? ErrorCode.NOTIFICATION_REFUSED.because(
                        "TLS with its server failed: its certificate is not trusted, or not for its name, or the"
                                + " server wants something else",
                        failed)
                : ErrorCode.NOTIFICATION_UNDELIVERED.because("no connection to its server, or it was lost", failed);
    }

    private static boolean refuses(Exception failed) {
        for (Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof CertificateException
                    || each instanceof CertPathBuilderException
                    || each instanceof CertPathValidatorException
                    || each instanceof SSLPeerUnverifiedException
                    || (each instanceof SSLException && isAlert(each.getMessage()))) {
                return true;
            }
        }
        return false;
    }

    /** The JDK tells an alert of the server by its words alone. */
    private static boolean isAlert(@Nullable String message) {
        return message != null && message.contains("fatal alert");
    }
}
