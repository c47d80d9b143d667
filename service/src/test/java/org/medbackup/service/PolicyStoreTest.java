package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Entropy;
import org.medbackup.core.HostSeal;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

class PolicyStoreTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path temp;

    private PolicyStore store(int host) {
        byte[] key = new byte[32];
        key[0] = (byte) host;
        return new PolicyStore(temp, new HostSeal(Secret.copyOf(key), PolicyStore.PURPOSE, Entropy.system()));
    }

    private static PolicyStore.Activated policy(String text) {
        return new PolicyStore.Activated(text, "signatures", NOW);
    }

    private static void fails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    @Test
    void theHighestVersionHoldsAndTheOthersAreItsHistory() throws IOException {
        PolicyStore store = store(1);
        assertThat(store.newest()).isEmpty();

        store.activate(9, policy("nine"));
        store.activate(10, policy("ten"));
        store.activate(2, policy("two"));

        assertThat(store.newest()).contains(policy("ten"));
        try (var files = Files.list(temp.resolve("policy"))) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder("version-0000000002", "version-0000000009", "version-0000000010");
        }
    }

    @Test
    void aVersionIsActivatedOnceWhoeverIsFirst() {
        store(1).activate(3, policy("first"));

        fails(ErrorCode.POLICY_OUTDATED, () -> store(1).activate(3, policy("second")));
        assertThat(store(1).newest()).contains(policy("first"));
    }

    @Test
    void anOldVersionUnderAHigherNumberAndOneOfAnotherHostAreNotTrusted() throws IOException {
        store(1).activate(3, policy("old"));
        fails(ErrorCode.POLICY_UNTRUSTED, () -> store(2).newest());

        Files.copy(temp.resolve("policy/version-0000000003"), temp.resolve("policy/version-0000000009"));
        fails(ErrorCode.POLICY_UNTRUSTED, () -> store(1).newest());
        Files.writeString(temp.resolve("policy/version-0000000009"), "short");
        fails(ErrorCode.POLICY_UNTRUSTED, () -> store(1).newest());
    }

    @Test
    void aSimulationHoldsForItsTwoPoliciesAlone() {
        String one = "1".repeat(64);
        String other = "2".repeat(64);
        String almost = "1".repeat(63) + "3";
        PolicyStore store = store(1);

        store.simulated(one, other, new PolicyStore.Simulated(7, 2));
        store.simulated(one, other, new PolicyStore.Simulated(8, 0));

        assertThat(store.simulation(one, other)).contains(new PolicyStore.Simulated(8, 0));
        assertThat(store.simulation(other, one)).isEmpty();
        assertThat(store.simulation(almost, other)).isEmpty();
        assertThat(store.simulation(one, "2".repeat(63) + "3")).isEmpty();
        assertThat(store.newest()).isEmpty();
    }

    @Test
    void aStateFolderThatCannotBeUsedIsSaid() throws IOException {
        Files.writeString(temp.resolve("policy"), "in the way");

        fails(ErrorCode.STATE_UNUSABLE, () -> store(1).activate(1, policy("text")));
        fails(ErrorCode.STATE_UNUSABLE, () -> store(1).newest());
        Files.delete(temp.resolve("policy"));
        Files.createDirectories(temp.resolve("policy/version-0000000001"));
        fails(ErrorCode.STATE_UNUSABLE, () -> store(1).newest());
    }
}
