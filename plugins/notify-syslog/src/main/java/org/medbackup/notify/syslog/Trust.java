package org.medbackup.notify.syslog;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.medbackup.notify.common.ChannelOptions;

/** Whom TLS trusts. */
final class Trust {

    private Trust() {}

    /** Only some authorities. */
    static SSLContext of(KeyStore authorities) {
        try {
            var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(authorities);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException unusable) {
            throw ChannelOptions.invalid("the certificates of ca cannot be used", unusable);
        }
    }
}
