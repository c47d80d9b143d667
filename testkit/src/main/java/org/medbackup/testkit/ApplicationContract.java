package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Application.Consistency;
import org.medbackup.core.spi.app.Application.Discovery;
import org.medbackup.core.spi.app.Application.Readiness;

/** What every {@link Application} has to keep, whatever it is. Implemented by the test class of each adapter. */
public interface ApplicationContract {

    /** A new application on a server that works and is ready for a backup. */
    Application open();

    /**
     * The same in another process that has to end a freeze, as a watchdog does.
     *
     * @param handle what the freeze said of itself
     */
    default Application open(Map<String, String> handle) {
        return open();
    }

    private static Deadline soon() {
        return Deadline.after(TimeSource.system(), Duration.ofSeconds(60));
    }

    @Test
    default void contractItTellsTheSameTwice() {
        try (Application application = open()) {
            Discovery first = application.discover(soon());
            Discovery second = application.discover(soon());

            assertThat(first.identity()).isNotEmpty().isEqualTo(second.identity());
            assertThat(first.version()).isNotEmpty().isEqualTo(second.version());
            assertThat(first.facts().keySet()).isEqualTo(second.facts().keySet());
        }
    }

    @Test
    default void contractChecksChangeNothingAndPass() {
        try (Application application = open()) {
            application.discover(soon());

            assertThat(application.check(soon())).isNotEmpty().allMatch(Readiness::ok);
            assertThat(application.check(soon()))
                    .extracting(Readiness::name)
                    .doesNotHaveDuplicates()
                    .allMatch(name -> name.matches("[a-z0-9_]+"));
            assertThat(application.check(soon())).extracting(Readiness::remedy).containsOnly("");
        }
    }

    @Test
    default void contractThawAndAfterMayComeTwice() {
        try (Application application = open()) {
            untilMarked(application, "contract-twice");
            application.thaw(soon());

            application.copy(new HandedOver());
            application.after(Outcome.SUCCESS, soon());
            application.after(Outcome.SUCCESS, soon());
            application.thaw(soon());
        }
    }

    @Test
    default void contractAfterMayComeWithoutAMark() {
        try (Application application = open()) {
            application.discover(soon());
            application.prepare("contract-unmarked", soon());
            application.after(Outcome.FAILURE, soon());
        }
        try (Application application = open()) {
            application.after(Outcome.FAILURE, soon());
        }
    }

    @Test
    default void contractABackupThatWasGivenUpDoesNotHinderTheNext() {
        try (Application application = open()) {
            untilMarked(application, "contract-given-up");
            application.after(Outcome.FAILURE, soon());
        }
        try (Application application = open()) {
            untilMarked(application, "contract-given-up");
            application.after(Outcome.FAILURE, soon());
        }
    }

    @Test
    default void contractCloseMayComeTwiceAndAtAnyTime() {
        Application unused = open();
        unused.close();
        unused.close();
        Application inTheMiddle = open();
        untilMarked(inTheMiddle, "contract-close");
        inTheMiddle.close();
        inTheMiddle.close();
    }

    @Test
    default void contractACopyHandsOverATreeAndVerifySaysToWhichPoint() {
        try (Application application = open()) {
            untilMarked(application, "contract-copy");
            var names = new HandedOver();

            application.copy(names);
            Consistency reached = application.verify(soon());
            application.after(Outcome.SUCCESS, soon());

            assertThat(names.trees()).isNotEmpty();
            assertThat(names.all()).allMatch(path -> path.startsWith("/"));
            assertThat(reached.position()).isNotEmpty();
            assertThat(reached.added()).isGreaterThanOrEqualTo(Duration.ZERO);
            assertThat(reached.evidence()).isNotEmpty();
        }
    }

    @Test
    default void contractTheAddressHasAKindAndNoAccount() {
        try (Application application = open()) {
            assertThat(application.address()).contains("://").doesNotContain("@");
        }
    }

    @Test
    default void contractAFreshInstanceThawsWhatAnotherHasFrozenAndTheMarkIsLost() {
        try (Application frozen = open()) {
            frozen.discover(soon());
            frozen.prepare("contract-fresh", soon());
            if (frozen.freezes()) {
                frozen.freeze(soon());
                try (Application fresh = open(frozen.freezeHandle())) {
                    fresh.thaw(soon());
                    fresh.thaw(soon());
                }

                assertThat(stillTakesAMark(frozen))
                        .as("a mark is taken though it was thawed")
                        .isFalse();

                frozen.thaw(soon());
            }
            frozen.after(Outcome.FAILURE, soon());
        }
    }

    private static boolean stillTakesAMark(Application application) {
        try {
            application.mark(soon());
            return true;
        } catch (BackupException lost) {
            return false;
        }
    }

    @Test
    default void contractASecondFreezeIsRefusedOrNoneAndOneThawEndsIt() {
        try (Application application = open()) {
            application.discover(soon());
            application.prepare("contract-freeze-twice", soon());
            if (application.freezes()) {
                application.freeze(soon());
                try {
                    application.freeze(soon());
                    application.mark(soon());
                } catch (BackupException refused) {
                    assertThat(refused.remedy()).isNotEmpty();
                }
                application.thaw(soon());

                assertThat(stillTakesAMark(application)).isFalse();
            }
            application.after(Outcome.FAILURE, soon());
        }
    }

    private static void untilMarked(Application application, String run) {
        application.discover(soon());
        application.prepare(run, soon());
        if (application.freezes()) {
            application.freeze(soon());
        }
        application.mark(soon());
        application.thaw(soon());
    }
}
