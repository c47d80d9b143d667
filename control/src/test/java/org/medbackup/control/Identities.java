package org.medbackup.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.tls.Authorities;
import org.medbackup.core.tls.Pem;
import org.medbackup.testkit.TlsIdentity;

/** A server and its callers, made once for all tests of this JVM: keytool takes its time. */
final class Identities {

    private static final Path FOLDER = folder();
    private static final Map<String, TlsIdentity> MADE = new ConcurrentHashMap<>();

    private Identities() {}

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("control");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static TlsIdentity of(String name) {
        return MADE.computeIfAbsent(name, each -> {
            TlsIdentity identity = TlsIdentity.of(FOLDER.resolve(each), "CN=" + each + ",O=Clinic");
            try {
                Files.setPosixFilePermissions(identity.key(), PosixFilePermissions.fromString("rw-------"));
                List.of(identity.store(), identity.certificate(), identity.key(), FOLDER.resolve(each))
                        .reversed()
                        .forEach(path -> path.toFile().deleteOnExit());
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            return identity;
        });
    }

    /** The subjects of {@link #of}, each with the role of its name. */
    static RoleMap roles() {
        Map<String, Set<Role>> roles = new HashMap<>();
        for (Role role : Role.values()) {
            roles.put("cn=" + name(role) + ", o=Clinic", Set.of(role));
        }
        return RoleMap.of(roles);
    }

    static String name(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    /** The files of a server in a folder of its own, which trusts all roles and one that has none. */
    static TlsFiles server(Path folder, TlsIdentity server) throws IOException {
        List<String> all =
                new ArrayList<>(Stream.of(Role.values()).map(Identities::name).toList());
        all.addAll(List.of("server", "nobody"));
        all.parallelStream().forEach(Identities::of);
        var trusted = new StringBuilder();
        for (Role role : Role.values()) {
            trusted.append(Files.readString(of(name(role)).certificate()));
        }
        trusted.append(Files.readString(of("nobody").certificate()));
        Path key = Files.copy(server.key(), folder.resolve("server.key"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        return new TlsFiles(
                Files.copy(server.certificate(), folder.resolve("server.pem")),
                key,
                Files.writeString(folder.resolve("clients.pem"), trusted));
    }

    /** TLS of a caller, who trusts the server alone. */
    static SSLContext client(@Nullable TlsIdentity caller, TlsIdentity server) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
            if (caller != null) {
                var store = java.security.KeyStore.getInstance(caller.store().toFile(), "changeit".toCharArray());
                keys.init(store, "changeit".toCharArray());
            }
            TrustManager trust = Authorities.trusting(Pem.certificates(Files.readAllBytes(server.certificate())));
            context.init(caller == null ? null : keys.getKeyManagers(), new TrustManager[] {trust}, null);
            return context;
        } catch (IOException | GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
