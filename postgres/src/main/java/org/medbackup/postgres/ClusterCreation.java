package org.medbackup.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;

/** One call of {@code initdb}. The password reaches it in a file that only its account can read. */
record ClusterCreation(PostgresInstallation installation, Path folder, NewCluster cluster, Outside outside) {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    void run() {
        Path program = installation.requireTool("initdb");
        Account account = prepared();
        account.requireAccess(folder);
        account.requireAccess(program);
        Completed done;
        try (RunFolder secrets = RunFolder.create(account, List.of())) {
            Path passwordFile = passwordFile(secrets, account);
            done = outside.processes()
                    .run(Command.of(words(program, passwordFile))
                            .prefixed(account.prefix())
                            .in(Path.of("/"))
                            .within(LIMIT));
        }
        if (!done.succeeded()) {
            throw ErrorCode.APPLICATION_FAILED
                    .because("initdb did not create the cluster")
                    .with("exitCode", done.exitCode())
                    .with("timedOut", done.timedOut());
        }
    }

    private Account prepared() {
        try {
            Permissions.createOpenFolders(folder);
            Account account = Account.ownerOf(folder);
            Permissions.close(folder);
            return account;
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("the folder for a cluster could not be made", failed);
        }
    }

    private Path passwordFile(RunFolder secrets, Account account) {
        Path file = secrets.folder().resolve("password");
        try {
            Files.createFile(file);
            Permissions.close(file);
            byte[] password = cluster.password().use(byte[]::clone);
            Files.write(file, password);
            java.util.Arrays.fill(password, (byte) 0);
            if (account.drop()) {
                Permissions.give(file, account.uid(), account.gid());
            }
            return file;
        } catch (IOException failed) {
            throw ErrorCode.SYSTEM_CALL_FAILED.because("the first password could not be handed to initdb", failed);
        }
    }

    private List<String> words(Path program, Path passwordFile) {
        List<String> words = new ArrayList<>(List.of(
                program.toString(),
                "--pgdata=" + folder,
                "--username=" + cluster.superuser(),
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--data-checksums",
                "--encoding=UTF8",
                "--locale=C"));
        words.addAll(cluster.options());
        return words;
    }
}
