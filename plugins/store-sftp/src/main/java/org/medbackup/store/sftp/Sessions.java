package org.medbackup.store.sftp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Semaphore;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.apache.sshd.sftp.common.SftpException;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * A few conversations with one server, each made when it is needed and kept for the next use. Who comes when all are in use
 * waits. Safe for use by several threads.
 */
final class Sessions implements AutoCloseable {

    private static final int MOST = 4;
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
    private static final Duration END = Duration.ofSeconds(2);
    private static final int KEEP_ALIVES_UNANSWERED = 2;

    /** Those of the JDK that processors have instructions for come first. */
    private static final List<NamedFactory<Cipher>> CIPHERS = List.of(
            BuiltinCiphers.aes128gcm,
            BuiltinCiphers.aes256gcm,
            BuiltinCiphers.aes128ctr,
            BuiltinCiphers.aes192ctr,
            BuiltinCiphers.aes256ctr,
            BuiltinCiphers.cc20p1305_openssh);

    private final SftpLocation location;
    private final Environment environment;
    private final Patience patience;
    private final Semaphore places = new Semaphore(MOST, true);
    /** What was thought of the keys that were shown; a connection that was ended forgets what it knew. */
    private final Map<ClientSession, KnownHosts.Verdict> verdicts = Collections.synchronizedMap(new WeakHashMap<>());

    private final Deque<SftpSession> idle = new ArrayDeque<>();
    private @Nullable SshClient client;

    Sessions(SftpLocation location, Environment environment, Patience patience) {
        this.location = location;
        this.environment = environment;
        this.patience = patience;
    }

    /** What is done in a conversation. */
    interface Work<T extends @Nullable Object> {
        T in(SftpSession session) throws IOException;
    }

    /**
     * Does something in a conversation.
     *
     * @throws SftpException where the server refuses it
     * @throws IOException where the server was not reached, or has not answered
     */
    <T extends @Nullable Object> T with(Work<T> work) throws IOException {
        try {
            places.acquire();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while waiting for a connection", interrupted);
        }
        try {
            return used(idleOne(), work);
        } finally {
            places.release();
        }
    }

    private <T extends @Nullable Object> T used(@Nullable SftpSession kept, Work<T> work) throws IOException {
        SftpSession session = kept == null ? connect() : kept;
        session.begin();
        boolean returned = false;
        try {
            T result = work.in(session);
            session.answered();
            returned = true;
            return result;
        } catch (SftpException answer) {
            returned = true;
            throw answer;
        } catch (BackupException own) {
            returned = true;
            throw own;
        } finally {
            if (returned && session.isUsable()) {
                keep(session);
            } else {
                session.end();
            }
        }
    }

    private synchronized @Nullable SftpSession idleOne() {
        SftpSession session = idle.poll();
        while (session != null && !session.isUsable()) {
            session.end();
            session = idle.poll();
        }
        return session;
    }

    private synchronized void keep(SftpSession session) {
        idle.push(session);
    }

    /** Whether a conversation is there that was made before. */
    synchronized boolean isConnected() {
        return !idle.isEmpty();
    }

    private synchronized SshClient client() {
        if (client == null) {
            Ed25519.ready();
            client = started();
        }
        return client;
    }

    private SshClient started() {
        SshClient made = ClientBuilder.builder()
                .hostConfigEntryResolver(HostConfigEntryResolver.EMPTY)
                .serverKeyVerifier((session, address, key) -> isKnown(session, key))
                .build();
        made.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        made.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE, UserAuthPasswordFactory.INSTANCE));
        made.setCipherFactories(CIPHERS);
        CoreModuleProperties.NIO_WORKERS.set(made, 2);
        CoreModuleProperties.HEARTBEAT_REQUEST.set(made, "keepalive@openssh.com");
        CoreModuleProperties.HEARTBEAT_INTERVAL.set(made, KEEP_ALIVE);
        CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(made, KEEP_ALIVES_UNANSWERED);
        CoreModuleProperties.STOP_WAIT_TIME.set(made, END);
        made.start();
        return made;
    }

    private boolean isKnown(ClientSession session, PublicKey key) {
        KnownHosts.Verdict verdict = KnownHosts.of(location, environment).judge(key);
        verdicts.put(session, verdict);
        return verdict == KnownHosts.Verdict.KNOWN;
    }

    private SftpSession connect() throws IOException {
        Login login = Login.of(location, environment);
        Set<String> kinds = KnownHosts.of(location, environment).kinds();
        SshClient connecting = client();
        connecting.setSignatureFactories(preferred(connecting.getSignatureFactories(), kinds));
        ClientSession session = reached(connecting);
        boolean entered = false;
        try {
            Duration limit = patience.limit(false);
            SftpModuleProperties.SFTP_CHANNEL_OPEN_TIMEOUT.set(session, limit);
            SftpSession.SFTP_CLIENT_CMD_TIMEOUT.set(session, patience.limit(true));
            login.enter(session);
            session.auth().verify(limit);
            var made = new SftpSession(session, patience);
            entered = true;
            return made;
        } catch (IOException failed) {
            throw refused(session, failed);
        } catch (IllegalStateException ended) {
            throw refused(session, new IOException("the connection was ended", ended));
        } finally {
            if (!entered) {
                session.close(true);
            }
        }
    }

    /** Kinds of keys that are known of the host come first; those by SHA-1 and certificates are not asked for. */
    private static List<NamedFactory<Signature>> preferred(List<NamedFactory<Signature>> all, Set<String> known) {
        List<NamedFactory<Signature>> first = new ArrayList<>();
        List<NamedFactory<Signature>> then = new ArrayList<>();
        for (NamedFactory<Signature> each : all) {
            String name = each.getName();
            if (!name.contains("-cert-") && !name.equals("ssh-rsa") && !name.equals("ssh-dss")) {
                (known.contains(KeyUtils.getCanonicalKeyType(name)) ? first : then).add(each);
            }
        }
        first.addAll(then);
        return first;
    }

    /** Connects to the first address of the host that answers. */
    private ClientSession reached(SshClient connecting) throws IOException {
        IOException last = null;
        for (InetAddress address : InetAddress.getAllByName(location.host())) {
            try {
                return connecting
                        .connect(location.user(), new InetSocketAddress(address, location.port()))
                        .verify(CONNECT)
                        .getSession();
            } catch (InterruptedIOException ended) {
                throw ended;
            } catch (IOException unreachable) {
                last = unreachable;
            }
        }
        throw last == null ? new IOException("the host has no address") : last;
    }

    private IOException refused(ClientSession session, IOException failed) {
        KnownHosts.Verdict verdict = verdicts.get(session);
        if (verdict == KnownHosts.Verdict.UNKNOWN) {
            throw ErrorCode.HOST_KEY_UNKNOWN.because("known_hosts has no key of it");
        }
        if (verdict == KnownHosts.Verdict.CHANGED || verdict == KnownHosts.Verdict.REVOKED) {
            throw ErrorCode.HOST_KEY_CHANGED.because(
                    verdict == KnownHosts.Verdict.CHANGED
                            ? "known_hosts has other keys of it"
                            : "known_hosts says that this key is revoked");
        }
        if (Failures.isRefusedLogin(failed)) {
            throw ErrorCode.STORE_DENIED.because("the server does not let this account in with what it has");
        }
        return failed;
    }

    @Override
    public synchronized void close() {
        idle.forEach(SftpSession::end);
        idle.clear();
        if (client != null) {
            client.stop();
            client = null;
        }
    }
}
