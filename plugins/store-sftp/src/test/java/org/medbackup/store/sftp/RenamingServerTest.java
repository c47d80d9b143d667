package org.medbackup.store.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.store.sftp.TestStores.failure;
import static org.medbackup.store.sftp.TestStores.store;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.testkit.ObjectStoreContract;
import org.medbackup.testkit.SftpServer;

/** The store on servers without hard links: a real OpenSSH that was told not to have any, and one that keeps no promise. */
class RenamingServerTest implements ObjectStoreContract {

    private static final ObjectName NAME = ObjectName.of("s/one");
    private static final ObjectContent CONTENT =
            ObjectContent.of("ours".getBytes(java.nio.charset.StandardCharsets.UTF_8));

    @TempDir
    static Path folder;

    private static SftpServer server;

    @TempDir
    Path temp;

    @BeforeAll
    static void startServer() {
        server = SftpServer.start(folder, "-P hardlink");
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    public ObjectStore open() {
        return new SftpStoreProvider().open(URI.create(server.location(temp.resolve("store"))));
    }

    private SftpStore embedded(EmbeddedServer embedded) {
        return store(embedded.location(), EmbeddedServer.environment());
    }

    @Test
    void nothingIsLeftOfATrial() {
        try (ObjectStore store = open()) {
            store.putIfAbsent(NAME, CONTENT);
            assertThat(temp.resolve("store/.tmp")).isEmptyDirectory();
        }
    }

    @Test
    void anotherServerWithAPasswordAndItsRootAsTheStoreDoesToo() throws Exception {
        try (var embedded = new EmbeddedServer(temp);
                SftpStore store = embedded(embedded)) {
            assertThat(store.isEmpty()).isTrue();
            assertThat(store.putIfAbsent(NAME, CONTENT)).isEqualTo(PutOutcome.CREATED);
            assertThat(store.putIfAbsent(NAME, CONTENT)).isEqualTo(PutOutcome.EXISTED);
            assertThat(store.readAll(NAME)).isEqualTo("ours".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            store.list("", info -> assertThat(info.name()).isEqualTo(NAME));
            assertThat(store.isEmpty()).isFalse();
            assertThat(store.delete(NAME)).isTrue();
            assertThat(embedded.logins).hasValue(1);
        }
    }

    @Test
    void aServerThatRenamesOntoNamesThatAreTakenIsNotWorkedWith() throws Exception {
        try (var embedded = new EmbeddedServer(temp);
                SftpStore store = embedded(embedded)) {
            embedded.renames = EmbeddedServer.Renames.OVERWRITES;

            assertThat(failure(ErrorCode.STORE_DENIED, () -> store.putIfAbsent(NAME, CONTENT))
                            .context())
                    .containsEntry("cause", "not create-only");

            assertThat(embedded.files().resolve("s/one")).doesNotExist();
            assertThat(embedded.files().resolve(".tmp")).isEmptyDirectory();
        }
    }

    @Test
    void aNameThatWasGivenBeforeTheAnswerWasLostIsThisWritersWork() throws Exception {
        try (var embedded = new EmbeddedServer(temp);
                SftpStore store = embedded(embedded)) {
            embedded.renames = EmbeddedServer.Renames.LOSES_ANSWER;

            assertThat(store.putIfAbsent(NAME, CONTENT)).isEqualTo(PutOutcome.CREATED);
            assertThat(store.putIfAbsent(ObjectName.of("s/empty"), ObjectContent.of(new byte[0])))
                    .isEqualTo(PutOutcome.CREATED);
        }
    }

    @Test
    void aNameThatAnotherWriterTookBeforeTheAnswerWasLostIsNotThisWritersWork() throws Exception {
        try (var embedded = new EmbeddedServer(temp);
                SftpStore store = embedded(embedded)) {
            embedded.renames = EmbeddedServer.Renames.COMES_LATE;
            assertThat(store.putIfAbsent(NAME, CONTENT)).isEqualTo(PutOutcome.EXISTED);
            embedded.renames = EmbeddedServer.Renames.COMES_LATE_AS_LONG;
            assertThat(store.putIfAbsent(ObjectName.of("s/two"), CONTENT)).isEqualTo(PutOutcome.EXISTED);

            assertThat(embedded.files().resolve("s/one")).hasContent("another writer's");
        }
    }

    @Test
    void aPutWhoseRequestWasLostIsAFailureAndLeavesNothingWhenTheStoreIsClosed() throws Exception {
        try (var embedded = new EmbeddedServer(temp)) {
            try (SftpStore store = embedded(embedded)) {
                embedded.renames = EmbeddedServer.Renames.LOSES_REQUEST;

                failure(ErrorCode.STORE_UNAVAILABLE, () -> store.putIfAbsent(NAME, CONTENT));

                assertThat(store.length(NAME)).isEmpty();
                try (var left = Files.list(embedded.files().resolve(".tmp"))) {
                    assertThat(left).hasSize(1);
                }
            }
            assertThat(embedded.files()).isEmptyDirectory();
        }
    }

    @Test
    void folderNamesAreAsDurableAsTheServerMakesThem() throws Exception {
        for (boolean opened : new boolean[] {true, false}) {
            try (var embedded = new EmbeddedServer(temp.resolve("opened-" + opened));
                    SftpStore store = embedded(embedded)) {
                embedded.opensFolders = opened;
                embedded.syncsFolders = false;

                assertThat(store.putIfAbsent(NAME, CONTENT)).isEqualTo(PutOutcome.CREATED);
                assertThat(store.putIfAbsent(ObjectName.of("s/two"), CONTENT)).isEqualTo(PutOutcome.CREATED);
                assertThat(store.delete(NAME)).isTrue();
            }
        }
    }

    @Test
    void aServerThatWasSeenToMakeFoldersDurableMustGoOnToDoSo() throws Exception {
        try (var embedded = new EmbeddedServer(temp);
                SftpStore store = embedded(embedded)) {
            assertThat(store.putIfAbsent(NAME, CONTENT)).isEqualTo(PutOutcome.CREATED);
            embedded.syncsFolders = false;

            failure(ErrorCode.STORE_UNAVAILABLE, () -> store.putIfAbsent(ObjectName.of("s/two"), CONTENT));
        }
    }

    @Test
    void aServerWithoutAnyExtensionStoresAllTheSame() {
        try (SftpServer plain = SftpServer.start(temp.resolve("server"), "-P hardlink,fsync,statvfs");
                SftpStore store = store(plain.location(temp.resolve("plain")))) {
            assertThat(store.putIfAbsent(NAME, CONTENT)).isEqualTo(PutOutcome.CREATED);
            assertThat(store.putIfAbsent(NAME, CONTENT)).isEqualTo(PutOutcome.EXISTED);
        }
    }
}
