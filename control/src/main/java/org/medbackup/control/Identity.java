package org.medbackup.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.medbackup.core.tls.Authorities;
import org.medbackup.core.tls.Pem;

/**
 * Who the server is and whom it trusts, as its files were when they were read. Immutable.
 *
 * @param alias of the key in its manager; no other reading has it
 * @param files state of the files before they were read
 */
record Identity(
        String alias,
        String files,
        X509Certificate certificate,
        List<X509Certificate> clients,
        X509ExtendedKeyManager keys,
        X509ExtendedTrustManager trust) {

    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    /** Reads the files. */
    static Identity read(TlsFiles files, String alias) throws IOException, GeneralSecurityException {
        String state = state(files);
        List<X509Certificate> chain = Pem.certificates(Files.readAllBytes(files.certificates()));
        List<X509Certificate> clients = Pem.certificates(Files.readAllBytes(files.clients()));
        if (Files.getPosixFilePermissions(files.key()).stream().anyMatch(OTHERS::contains)) {
            throw new InvalidKeyException("the key can be read by others than its owner");
        }
        PrivateKey key = key(files.key());
        requirePair(key, chain.getFirst().getPublicKey());
        return new Identity(
                alias, state, chain.getFirst(), clients, keys(alias, key, chain), Authorities.trusting(clients));
    }

    private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            return Pem.privateKey(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Changes when one of the files does. */
    static String state(TlsFiles files) throws IOException {
        var state = new StringBuilder();
        for (Path file : List.of(files.certificates(), files.key(), files.clients())) {
            state.append(Files.readAttributes(file, "unix:ino,size,lastModifiedTime"));
        }
        return state.toString();
    }

    /** One of the two may have been replaced already, and the other not yet. */
    private static void requirePair(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "EdDSA";
        };
        byte[] text = {1, 2, 3};
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(text);
        if (!signature.verify(signed)) {
            throw new InvalidKeyException("the key is not that of the certificate");
        }
    }

    private static X509ExtendedKeyManager keys(String alias, PrivateKey key, List<X509Certificate> chain)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        // The store never leaves memory.
        char[] password = {'-'};
        store.setKeyEntry(alias, key, password, chain.toArray(Certificate[]::new));
        var managers = KeyManagerFactory.getInstance("SunX509");
        managers.init(store, password);
        return (X509ExtendedKeyManager) managers.getKeyManagers()[0];
    }
}
