package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.testkit.ForwardingStore;
import org.medbackup.testkit.MemoryStore;

/** A target that takes no notice of the condition of a put gets no repository and no copy. */
class CreateOnlyTest {

    @TempDir
    Path temp;

    private final MemoryStore there = new MemoryStore();

    /** As object stores do that do not know If-None-Match; some of them even say that the name was taken. */
    private static final class Overwriting extends ForwardingStore {

        private final MemoryStore inner;
        private final boolean honest;

        Overwriting(MemoryStore inner, boolean honest) {
            super(inner);
            this.inner = inner;
            this.honest = honest;
        }

        @Override
        public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
            PutOutcome outcome = super.putIfAbsent(name, content);
            if (outcome == PutOutcome.CREATED) {
                return outcome;
            }
            inner.delete(name);
            super.putIfAbsent(name, content);
            return honest ? PutOutcome.CREATED : PutOutcome.EXISTED;
        }
    }

    private static void isRefused(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        UsageException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.STORE_OVERWRITES));
    }

    @Test
    void noRepositoryIsMadeWhereAPutReplacesWhatIsThere() {
        EngineContext context = Sandbox.context(temp.resolve("state"));
        for (boolean honest : List.of(true, false)) {
            isRefused(() -> Repository.create(new Overwriting(there, honest), context, Sandbox.password(), 10));
            assertThat(there.names()).as("nothing is left").isEmpty();
        }
        Repository.create(there, context, Sandbox.password(), 10);
    }

    @Test
    void noCopyIsMadeThereEither() throws IOException {
        Sandbox sandbox = new Sandbox(temp.resolve("state")).create();
        sandbox.backup(Files.createDirectory(temp.resolve("source")));
        try (Repository repository = sandbox.open()) {
            isRefused(() -> repository.copy("latest", new Overwriting(there, true), Sandbox.SILENT));
            assertThat(there.names()).isEmpty();
        }
    }
}
