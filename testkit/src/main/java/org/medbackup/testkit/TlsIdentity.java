package org.medbackup.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;

/**
 * A private key with a certificate that it has signed itself, for servers of tests, as files of a folder. RSA, since GnuTLS
 * does not read a key on a curve as the JDK writes it, which is without its public half.
 *
 * @param store PKCS 12, with {@link #PASSWORD}
 * @param certificate PEM; also what a client has to trust
 * @param key PEM, PKCS 8
 */
public record TlsIdentity(Path store, Path certificate, Path key) {

    /** Of the store. */
    public static final String PASSWORD = "changeit";

    /** The names of a server on this machine's loopback address. */
    public static final String LOOPBACK = "SAN=ip:127.0.0.1,dns:localhost";

    /**
     * Makes one.
     *
     * @param folder for its files; is made
     * @param names as keytool has them, such as {@link #LOOPBACK}
     */
    public static TlsIdentity make(Path folder, String names) {
        return make(folder, names, "CN=test", List.of("RSA", "-keysize", "2048"));
    }

    /**
     * One of somebody else, made quickly: on curve P-256.
     *
     * @param subject such as {@code CN=anna}
     */
    public static TlsIdentity of(Path folder, String subject) {
        return make(folder, LOOPBACK, subject, List.of("EC", "-groupname", "secp256r1"));
    }

    /**
     * One whose certificate was over yesterday, issued by an authority that is trusted.
     *
     * @param trusted where the store with the authority's certificate is written, PKCS 12, with {@link #PASSWORD}
     */
    public static TlsIdentity expired(Path folder, Path trusted) {
        try {
            Path store = Files.createDirectories(folder).resolve("store.p12");
            List<String> curve = List.of("-keyalg", "EC", "-groupname", "secp256r1");
            generate(store, "authority", "CN=authority", Stream.concat(curve.stream(), Stream.of("-ext", "bc:c")));
            generate(
                    store,
                    "me",
                    "CN=server",
                    Stream.concat(
                            curve.stream(),
                            Stream.of(
                                    "-signer",
                                    "authority",
                                    "-signerkeypass",
                                    PASSWORD,
                                    "-ext",
                                    LOOPBACK,
                                    "-startdate",
                                    "-10d",
                                    "-validity",
                                    "9")));
            KeyStore keys = load(store);
            KeyStore authority = KeyStore.getInstance("PKCS12");
            authority.load(null, null);
            authority.setCertificateEntry("authority", keys.getCertificate("authority"));
            try (OutputStream out = Files.newOutputStream(trusted)) {
                authority.store(out, PASSWORD.toCharArray());
            }
            keys.deleteEntry("authority");
            try (OutputStream out = Files.newOutputStream(store)) {
                keys.store(out, PASSWORD.toCharArray());
            }
            return of(folder, store);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void generate(Path store, String alias, String subject, Stream<String> more) {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/keytool",
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                subject,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        more.forEach(command::add);
        Completed keytool = Processes.system().run(Command.of(command));
        if (!keytool.succeeded()) {
            throw new IllegalStateException("keytool failed: " + keytool.output() + keytool.errors());
        }
    }

    private static TlsIdentity make(Path folder, String names, String subject, List<String> key) {
        try {
            Path store = Files.createDirectories(folder).resolve("store.p12");
            generate(store, "me", subject, Stream.concat(Stream.of("-ext", names, "-keyalg"), key.stream()));
            return of(folder, store);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static TlsIdentity of(Path folder, Path store) {
        try {
            KeyStore keys = load(store);
            return new TlsIdentity(
                    store,
                    pem(
                            folder.resolve("cert.pem"),
                            "CERTIFICATE",
                            keys.getCertificate("me").getEncoded()),
                    pem(
                            folder.resolve("key.pem"),
                            "PRIVATE KEY",
                            keys.getKey("me", PASSWORD.toCharArray()).getEncoded()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static KeyStore load(Path store) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static Path pem(Path file, String label, byte[] content) throws IOException {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        String text = "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
        return Files.writeString(file, text, StandardCharsets.US_ASCII);
    }

    /** For a server of this JVM. */
    public SSLContext server() {
        try {
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(load(store), PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
