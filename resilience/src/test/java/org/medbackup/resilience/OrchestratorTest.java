package org.medbackup.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.testkit.ManualTime;

class OrchestratorTest {

    private final ManualTime time = new ManualTime();
    private final List<Trouble> met = new ArrayList<>();
    private final List<Action> prepared = new ArrayList<>();
    private final Orchestrator orchestrator = new Orchestrator(
            FailureCatalogue.builtIn(),
            Backoff.OF_STAGES,
            time,
            RandomGeneratorFactory.of("L64X128MixRandom").create(5));

    private Ending<String> run(Set<Action> possible, Duration patience, Function<Course, String> attempt) {
        return orchestrator.run(work(possible, attempt), Deadline.after(time, patience), met::add);
    }

    private Work<String> work(Set<Action> possible, Function<Course, String> attempt) {
        return new Work<String>() {
            @Override
            public String stage() {
                return "backup";
            }

            @Override
            public Set<Action> possible() {
                return possible;
            }

            @Override
            public void prepare(Action action) {
                prepared.add(action);
                if (action == Action.FREE_SPACE) {
                    throw ErrorCode.KEY_ROLE_INSUFFICIENT.because("a writer collects nothing");
                }
            }

            @Override
            public String attempt(Course course) {
                return attempt.apply(course);
            }
        };
    }

    private Ending<String> run(Function<Course, String> attempt) {
        return run(EnumSet.noneOf(Action.class), Duration.ofHours(2), attempt);
    }

    @Test
    void whatSucceedsIsDoneOnce() {
        Ending<String> ending = run(course -> "done " + course.attempt());

        assertThat(ending).isEqualTo(new Ending.Done<>("done 1", List.of(), Course.FIRST));
        assertThat(met).isEmpty();
        assertThat(time.nanos()).isZero();
    }

    @Test
    void whatPassesIsTriedAgainWithinFiveSecondsAndThenLessOften() {
        var starts = new ArrayList<Long>();
        Ending<String> ending = run(course -> {
            starts.add(time.nanos());
            if (course.attempt() < 4) {
                throw ErrorCode.STORE_UNAVAILABLE.because("silent");
            }
            return "done";
        });

        assertThat(ending).isInstanceOf(Ending.Done.class);
        assertThat(ending.course().attempt()).isEqualTo(4);
        assertThat(ending.troubles()).isEqualTo(met).hasSize(3);
        assertThat(met).extracting(Trouble::action).containsOnly(Action.RETRY);
        assertThat(Duration.ofNanos(starts.get(1) - starts.get(0))).isLessThanOrEqualTo(Duration.ofSeconds(5));
        assertThat(met.getFirst().failure().id()).isEqualTo("store-silent");
        assertThat(met.getFirst().stage()).isEqualTo("backup");
        assertThat(met.getFirst().time()).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void whatOnlyAPersonMendsIsNotTriedAgain() {
        Ending<String> ending = run(course -> {
            throw ErrorCode.WRONG_PASSWORD.because("it does not open");
        });

        assertThat(ending).isInstanceOfSatisfying(Ending.GivenUp.class, up -> {
            assertThat(up.last().failure().id()).isEqualTo("wrong-key");
            assertThat(up.last().action()).isEqualTo(Action.STOP);
        });
        assertThat(ending.course().attempt()).isEqualTo(1);
    }

    @Test
    void aPlanIsFollowedStepByStepAndWhatWasChangedStaysChanged() {
        Ending<String> ending = run(EnumSet.of(Action.FREE_SPACE, Action.SPILL), Duration.ofHours(2), course -> {
            if (!course.has(Action.SPILL)) {
                throw ErrorCode.NO_SPACE.because("full");
            }
            if (course.attempt() < 4) {
                throw ErrorCode.STORE_UNAVAILABLE.because("silent");
            }
            return "spilled";
        });

        assertThat(ending).isInstanceOf(Ending.Done.class);
        assertThat(ending.course().changes()).contains(Action.SPILL);
        // Freeing space failed, so the next step was taken at once and no attempt was wasted.
        assertThat(prepared).startsWith(Action.FREE_SPACE, Action.SPILL);
        assertThat(met).extracting(Trouble::attempt).containsExactly(1, 1, 2, 3);
    }

    @Test
    void noAttemptBeginsAfterTheDeadline() {
        Ending<String> ending = run(EnumSet.noneOf(Action.class), Duration.ofSeconds(30), course -> {
            time.advance(Duration.ofSeconds(8));
            throw ErrorCode.APPLICATION_UNREACHABLE.because("silent");
        });

        assertThat(ending).isInstanceOf(Ending.GivenUp.class);
        assertThat(ending.troubles().getLast().action()).isEqualTo(Action.STOP);
        assertThat(time.nanos()).isLessThanOrEqualTo(Duration.ofSeconds(38).toNanos());
    }

    @Test
    void whoSaysForHowLongItWantsToBeLeftAloneIsLeftAloneForThatLongAndNotForLongerThanFiveMinutes() {
        run(course -> {
            if (course.attempt() < 3) {
                throw ErrorCode.STORE_UNAVAILABLE
                        .because("busy")
                        .with("http", "429")
                        .with("retryAfter", course.attempt() == 1 ? "60" : "86400");
            }
            return "done";
        });

        assertThat(met).extracting(Trouble::pause).containsExactly(Duration.ofSeconds(60), Duration.ofMinutes(5));
        assertThat(Orchestrator.told(ErrorCode.STORE_UNAVAILABLE.because("x").with("retryAfter", "soon")))
                .isEqualTo(Duration.ZERO);
    }

    @Test
    void whatWasNotForeseenIsTriedOnceMore() {
        Ending<String> ending = run(course -> {
            throw new IllegalStateException("MRN 4711 was not expected");
        });

        assertThat(ending.troubles()).extracting(each -> each.failure().id()).containsOnly("internal");
        assertThat(ending.course().attempt()).isEqualTo(2);
        assertThat(ending.troubles().getLast().cause().describe()).doesNotContain("4711");
    }

    @Test
    void whatIsPutOffAgainAndAgainComesToTheEndOfItsPlanAsIfItHadWaited() {
        Function<Course, String> silent = course -> {
            throw ErrorCode.STORE_UNAVAILABLE.because("silent");
        };
        Ending<String> waited = run(Set.of(Action.SPILL), Duration.ofDays(9), silent);
        List<Action> plan = met.stream().map(Trouble::action).toList();
        met.clear();
        var pasts = new ArrayList<>(List.of(Past.NOTHING));
        Ending<String> ended = null;
        while (ended == null) {
            try {
                ended = orchestrator.run(
                        work(Set.of(Action.SPILL), silent),
                        Deadline.after(time, Duration.ofDays(9)),
                        met::add,
                        pasts.getLast(),
                        (trouble, past) -> {
                            pasts.add(past);
                            if (trouble.action() == Action.RETRY) {
                                time.advance(trouble.pause());
                                throw ErrorCode.RUN_PUT_OFF.because("others have its place");
                            }
                        });
            } catch (CancelledException putOff) {
                assertThat(putOff.code()).isEqualTo(ErrorCode.RUN_PUT_OFF);
            }
        }

        assertThat(met).extracting(Trouble::action).isEqualTo(plan);
        assertThat(plan).contains(Action.RETRY, Action.SPILL, Action.STOP);
        assertThat(met).extracting(Trouble::attempt).doesNotHaveDuplicates();
        assertThat(ended.course().attempt()).isEqualTo(waited.course().attempt());
        assertThat(pasts.getLast().failures()).isEqualTo(plan.size() - 1);
        assertThat(pasts.getLast().met()).containsOnlyKeys("store-silent");
    }

    @Test
    void aPastThatCannotBeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Past(-1, Set.of(), Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Past(1, Set.of(), Map.of("store-silent", 0)));
    }

    @Test
    void whoEndsItIsObeyed() {
        assertThatExceptionOfType(CancelledException.class)
                .isThrownBy(() -> run(course -> {
                    throw ErrorCode.CANCELLED.because("enough");
                }));
        assertThat(met).isEmpty();
    }

    @Test
    void nothingIsGivenUpWithoutAReason() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Ending.GivenUp<>(List.of(), Course.FIRST));
    }
}
