package org.medbackup.store.sftp;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;

/** A server that has no hard links, takes a password, and does with renames as a test has it. */
final class EmbeddedServer implements AutoCloseable, SftpFileSystemAccessor {

    /** What it does with a rename. */
    enum Renames {
        REFUSES_TAKEN,
        OVERWRITES,
        /** Does it, and the connection is lost before the answer. */
        LOSES_ANSWER,
        /** Does nothing, and the connection is lost. */
        LOSES_REQUEST,
        /** Another writer is quicker, and the connection is lost. */
        COMES_LATE,
        /** As the last, with as many bytes. */
        COMES_LATE_AS_LONG
    }

    static final String PASSWORD = "canary-password";

    private final SshServer server = SshServer.setUpDefaultServer();
    private final Path files;
    private final Path folder;
    final AtomicInteger logins = new AtomicInteger();
    volatile Renames renames = Renames.REFUSES_TAKEN;
    volatile boolean opensFolders = true;
    volatile boolean syncsFolders = true;

    EmbeddedServer(Path folder) throws Exception {
        Ed25519.ready();
        this.folder = folder;
        this.files = Files.createDirectories(folder.resolve("files"));
        KeyPair key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(key));
        server.setPasswordAuthenticator((user, password, session) -> {
            logins.incrementAndGet();
            return password.equals(PASSWORD);
        });
        server.setFileSystemFactory(new VirtualFileSystemFactory(files));
        server.setSubsystemFactories(List.of(
                new SftpSubsystemFactory.Builder().withFileSystemAccessor(this).build()));
        SftpModuleProperties.OPENSSH_EXTENSIONS.set(server, "fsync@openssh.com=1");
        server.start();
        Files.writeString(
                folder.resolve("known_hosts"),
                "[127.0.0.1]:" + server.getPort() + " " + PublicKeyEntry.toString(key.getPublic()) + "\n");
    }

    Path files() {
        return files;
    }

    /** Where a store is that lies at the root of what the account sees. */
    String location() {
        return "sftp://ward@127.0.0.1:" + server.getPort() + "/?known-hosts=" + folder.resolve("known_hosts");
    }

    static Environment environment() {
        return name -> Map.of(Environment.PASSWORD, PASSWORD).get(name);
    }

    @Override
    public void renameFile(SftpSubsystemProxy subsystem, Path from, Path to, Collection<CopyOption> options)
            throws IOException {
        boolean trial = Objects.requireNonNull(to.getParent()).endsWith(".tmp");
        switch (trial && renames != Renames.OVERWRITES ? Renames.REFUSES_TAKEN : renames) {
            case REFUSES_TAKEN -> {
                // The JDK looks whether the name is taken and renames then; here nobody comes between.
                synchronized (this) {
                    Files.move(from, to);
                }
            }
            case OVERWRITES -> Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
            case LOSES_ANSWER -> {
                Files.move(from, to);
                lose(subsystem);
            }
            case LOSES_REQUEST -> lose(subsystem);
            case COMES_LATE -> {
                Files.writeString(to, "another writer's");
                lose(subsystem);
            }
            case COMES_LATE_AS_LONG -> {
                Files.write(to, new byte[(int) Files.size(from)]);
                lose(subsystem);
            }
        }
    }

    @Override
    public SeekableByteChannel openFile(
            SftpSubsystemProxy subsystem,
            FileHandle fileHandle,
            Path file,
            String handle,
            Set<? extends OpenOption> options,
            FileAttribute<?>... attributes)
            throws IOException {
        if (!opensFolders && Files.isDirectory(file)) {
            throw new IOException("it is a folder");
        }
        return SftpFileSystemAccessor.super.openFile(subsystem, fileHandle, file, handle, options, attributes);
    }

    @Override
    public void syncFileData(
            SftpSubsystemProxy subsystem, FileHandle fileHandle, Path file, String handle, Channel channel)
            throws IOException {
        if (!syncsFolders && Files.isDirectory(file)) {
            throw new IOException("it is a folder");
        }
        SftpFileSystemAccessor.super.syncFileData(subsystem, fileHandle, file, handle, channel);
    }

    private static void lose(SftpSubsystemProxy subsystem) throws IOException {
        subsystem.getServerSession().close(true).await();
        throw new IOException("lost");
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }
}
