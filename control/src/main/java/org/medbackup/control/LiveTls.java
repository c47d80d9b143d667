package org.medbackup.control;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.health.HealthFinding;

/**
 * TLS whose keys and authorities are those of the files, also when these change. What cannot be used is not taken up: what was
 * used before is, and a finding says so. Safe for use by several threads.
 */
final class LiveTls {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofDays(30);

    private final TlsFiles files;
    private final TimeSource time;
    private volatile Identity current;
    // A handshake may have chosen its key just before it was replaced.
    private volatile Identity before;
    private volatile boolean unusable;
    private long looked;
    private int readings;

    private LiveTls(TlsFiles files, TimeSource time, Identity first) {
        this.files = files;
        this.time = time;
        this.current = first;
        this.before = first;
        this.looked = time.nanos();
    }

    /** Reads the files. */
    static LiveTls open(TlsFiles files, TimeSource time) {
        try {
            return new LiveTls(files, time, Identity.read(files, "identity-0"));
        } catch (IOException | GeneralSecurityException wrong) {
            throw ErrorCode.CONTROL_INVALID.because(
                    "its certificates or its key cannot be used: " + reason(wrong), wrong);
        }
    }

    /** A message of a file system holds the name of a file. */
    private static String reason(Exception wrong) {
        return wrong instanceof GeneralSecurityException ? String.valueOf(wrong.getMessage()) : "a file cannot be read";
    }

    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new Keys()}, new TrustManager[] {new Trust()}, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Takes up what has changed, where it has not looked for a second. */
    synchronized void look() {
        if (time.since(looked).compareTo(BETWEEN_LOOKS) < 0) {
            return;
        }
        looked = time.nanos();
        try {
            if (Identity.state(files).equals(current.files())) {
                unusable = false;
                return;
            }
            Identity next = Identity.read(files, "identity-" + ++readings);
            before = current;
            current = next;
            unusable = false;
        } catch (IOException | GeneralSecurityException wrong) {
            unusable = true;
        }
    }

    /**
     * Whether a caller is trusted now. A connection, or a session that is taken up again, may be older than the authorities
     * are, and the caller's certificate may have ended since.
     */
    boolean isTrusted(X509Certificate[] chain) {
        look();
        try {
            current.trust().checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
            return true;
        } catch (CertificateException notAnyMore) {
            return false;
        }
    }

    /** What somebody has to do about certificates. */
    List<HealthFinding> findings() {
        look();
        List<HealthFinding> found = new ArrayList<>();
        if (unusable) {
            found.add(new HealthFinding(
                    ErrorCode.CREDENTIAL_UNREADABLE,
                    "the new certificates or key of the control API cannot be used; those before are",
                    false));
        }
        Identity now = current;
        addEnd(found, "the certificate of the control API", now.certificate());
        now.clients().forEach(each -> addEnd(found, "an authority of the callers of the control API", each));
        return found;
    }

    private void addEnd(List<HealthFinding> found, String what, X509Certificate certificate) {
        Instant end = certificate.getNotAfter().toInstant();
        Instant now = time.now();
        if (end.isBefore(now.plus(SOON))) {
            String verb = end.isBefore(now) ? " has ended " : " ends ";
            found.add(new HealthFinding(ErrorCode.CERTIFICATE_ENDS, what + verb + end, false));
        }
    }

    private X509ExtendedKeyManager of(String alias) {
        Identity known = before;
        return known.alias().equals(alias) ? known.keys() : current.keys();
    }

    /** The server's side of keys; the client's is never asked for. */
    private final class Keys extends X509ExtendedKeyManager {

        @Override
        public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
            return current.keys().getServerAliases(type, issuers);
        }

        @Override
        public @Nullable String chooseServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return current.keys().chooseServerAlias(type, issuers, socket);
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return current.keys().chooseEngineServerAlias(type, issuers, engine);
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return of(alias).getCertificateChain(alias);
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            return of(alias).getPrivateKey(alias);
        }

        @Override
        public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String @Nullable [] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }

    /** The server's side of trust; other servers are never asked. */
    private final class Trust extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            current.trust().checkClientTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            current.trust().checkClientTrusted(chain, type, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            current.trust().checkClientTrusted(chain, type, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("this is a server");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            checkServerTrusted(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            checkServerTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return current.trust().getAcceptedIssuers();
        }
    }
}
