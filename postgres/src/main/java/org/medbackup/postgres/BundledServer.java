package org.medbackup.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.medbackup.core.error.ErrorCode;
import org.tukaani.xz.XZInputStream;

/**
 * A server that is packed as a compressed archive into a jar. It is unpacked into a folder named by the archive's
 * SHA-256, so that a newer archive never meets an older folder: the archive itself does not tell its version.
 */
record BundledServer(URL archive) {

    /** Names of the archives by {@code os.arch}, as the project that packs them chose. */
    private static final Map<String, String> ARCHIVES =
            Map.of("amd64", "postgres-linux-x86_64.txz", "aarch64", "postgres-linux-arm_64.txz");

    /** The format's dictionary of this archive is 64 MiB at most; a wrong archive must not take the memory. */
    private static final int MEMORY_KIB = 128 * 1024;

    /** File locks hold between processes only; this one holds between our threads. */
    private static final ReentrantLock THREADS = new ReentrantLock();

    static Optional<BundledServer> onThePath() {
        String name = ARCHIVES.get(System.getProperty("os.arch"));
        URL archive = name == null ? null : BundledServer.class.getClassLoader().getResource(name);
        return Optional.ofNullable(archive).map(BundledServer::new);
    }

    /** The folder of its programs, unpacked if it is not yet there. */
    Path unpackedBelow(Path cache) {
        try {
            Path home = cache.resolve("postgresql-" + digest());
            if (!Files.isDirectory(home)) {
                Permissions.createOpenFolders(cache);
                unpackOnce(cache, home);
            }
            return home.resolve("bin");
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("the bundled PostgreSQL could not be unpacked", failed);
        }
    }

    private void unpackOnce(Path cache, Path home) throws IOException {
        THREADS.lock();
        try (FileChannel file =
                        FileChannel.open(cache.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock processes = file.lock()) {
            if (!Files.isDirectory(home) && processes.isValid()) {
                Path unfinished = cache.resolve(".unpacking");
                Permissions.deleteTree(unfinished);
                unpack(unfinished);
                Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
            }
        } finally {
            THREADS.unlock();
        }
    }

    private void unpack(Path folder) throws IOException {
        try (InputStream packed = archive.openStream();
                var tar = new XZInputStream(packed, MEMORY_KIB)) {
            new TarReader(tar).unpackInto(folder);
        }
    }

    private String digest() throws IOException {
        MessageDigest sha256 = sha256();
        try (var stream = new DigestInputStream(archive.openStream(), sha256)) {
            stream.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(sha256.digest(), 0, 8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new UncheckedIOException(new IOException("every JDK has SHA-256", impossible));
        }
    }
}
