package org.medbackup.resilience;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.FaultyStore.Fault;
import org.medbackup.testkit.ForwardingStore;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.MemoryStore;
import org.medbackup.testkit.ObjectStoreContract;

/** Every promise of the port, while two of three calls fail. */
class RecoveringStoreTest implements ObjectStoreContract {

    private static final ObjectName NAME = ObjectName.of("s/one");
    private static final ObjectContent CONTENT = ObjectContent.of("content".getBytes(UTF_8));

    private final MemoryStore inner = new MemoryStore();
    private final ManualTime time = new ManualTime();
    private final Target target = Target.usual(time);
    private final ThreadLocal<AtomicInteger> ofThisThread = ThreadLocal.withInitial(AtomicInteger::new);

    @Override
    public ObjectStore open() {
        return new RecoveringStore(
                new FaultyStore(
                        inner,
                        (call, name, number) -> switch (ofThisThread.get().getAndIncrement() % 3) {
                            case 0 -> Fault.FAILS;
                            case 1 -> Fault.ANSWER_LOST;
                            default -> Fault.NONE;
                        }),
                // Two of three calls fail, which is more than any target is worth.
                new Target(
                        new CircuitBreaker(
                                time,
                                new CircuitBreaker.Terms(
                                        20, 20, 1, 1000, Duration.ofSeconds(5), Duration.ofMinutes(5))),
                        new RetryBudget(1_000_000),
                        Duration.ofHours(10),
                        Duration.ofHours(10)),
                time,
                random());
    }

    private static RandomGenerator random() {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(11);
    }

    private RecoveringStore failing(Fault fault, int calls) {
        return behind(new FaultyStore(inner, (call, name, number) -> number <= calls ? fault : Fault.NONE));
    }

    private RecoveringStore behind(ObjectStore store) {
        return new RecoveringStore(store, target, time, random());
    }

    @Test
    void aPutWhoseAnswerWasLostIsStillTheCallersWork() {
        assertThat(failing(Fault.ANSWER_LOST, 2).putIfAbsent(NAME, CONTENT)).isEqualTo(PutOutcome.CREATED);
    }

    @Test
    void whatAnotherWriterPutMeanwhileIsNotTheCallersWork() {
        inner.putIfAbsent(NAME, ObjectContent.of("CONTENT".getBytes(UTF_8)));
        assertThat(failing(Fault.FAILS, 1).putIfAbsent(NAME, CONTENT)).isEqualTo(PutOutcome.EXISTED);

        inner.overwrite(NAME, new byte[3]);
        assertThat(failing(Fault.FAILS, 1).putIfAbsent(NAME, CONTENT)).isEqualTo(PutOutcome.EXISTED);
    }

    @Test
    void anObjectThatAnEarlierTryDeletedWasThere() {
        inner.putIfAbsent(NAME, CONTENT);

        assertThat(failing(Fault.ANSWER_LOST, 1).delete(NAME)).isTrue();
        assertThat(inner.isEmpty()).isTrue();
    }

    @Test
    void aListThatIsAskedForAgainTellsEachNameOnce() {
        inner.putIfAbsent(NAME, CONTENT);
        inner.putIfAbsent(ObjectName.of("s/two"), CONTENT);
        var names = new ArrayList<String>();

        failing(Fault.ANSWER_LOST, 2).list("s/", info -> names.add(info.name().text()));

        assertThat(names).containsExactly("s/one", "s/two");
    }

    @Test
    void aTargetThatStaysSilentIsAskedForAMinute() {
        failing(Fault.NONE, 0).length(NAME);
        Instant before = time.now();
        RecoveringStore store = failing(Fault.FAILS, 1_000_000);

        assertThatThrownBy(() -> store.length(NAME)).isInstanceOfSatisfying(BackupException.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            assertThat(Integer.parseInt(failure.context().get("tried"))).isGreaterThan(5);
        });
        assertThat(Duration.between(before, time.now())).isBetween(Duration.ofSeconds(20), Duration.ofMinutes(1));
        assertThat(target.breaker().state()).isEqualTo(CircuitBreaker.State.OPEN);
    }

    @Test
    void aTargetThatHasNeverAnsweredIsAskedForTenSecondsSinceItsAddressMayBeWrong() {
        assertThatThrownBy(() -> failing(Fault.FAILS, 1_000_000).length(NAME)).isInstanceOf(BackupException.class);

        assertThat(time.nanos()).isLessThanOrEqualTo(Duration.ofSeconds(10).toNanos());
    }

    @Test
    void whoComesWhileNobodyIsAnsweredWaitsAndDoesNotAsk() {
        var faulty = new FaultyStore(inner, (call, name, number) -> number <= 5 ? Fault.FAILS : Fault.NONE);
        inner.putIfAbsent(NAME, CONTENT);
        failing(Fault.NONE, 0).length(NAME);

        assertThat(behind(faulty).length(NAME)).hasValue(CONTENT.length());

        // Five calls opened the breaker; the sixth is the one that it let through.
        assertThat(faulty.calls()).isEqualTo(6);
        assertThat(target.retries()).isEqualTo(5);
        assertThat(time.nanos()).isGreaterThanOrEqualTo(Duration.ofSeconds(5).toNanos());
        assertThat(target.breaker().state()).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    @Test
    void aPutWhoseAnswerWasLostBeforeTheBreakerOpenedIsStillTheCallersWork() {
        failing(Fault.NONE, 0).length(ObjectName.of("s/other"));
        var faulty = new FaultyStore(inner, (call, name, number) -> number <= 5 ? Fault.ANSWER_LOST : Fault.NONE);

        assertThat(behind(faulty).putIfAbsent(NAME, CONTENT)).isEqualTo(PutOutcome.CREATED);

        // It is the call that the open breaker let through, and what lies there is compared after it.
        assertThat(time.nanos())
                .isBetween(
                        Duration.ofSeconds(5).toNanos(), Duration.ofSeconds(20).toNanos());
        assertThat(target.breaker().state()).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    @Test
    void whoseFirstCallIsHeldBackForTooLongIsToldWhatTheOthersWereTold() {
        var refusing = behind(new FaultyStore(inner, (call, name, number) -> {
            throw ErrorCode.STORE_UNAVAILABLE.because("what?").with("http", "405");
        }));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> refusing.length(NAME)).isInstanceOf(BackupException.class);
        }

        assertThatThrownBy(() -> refusing.length(NAME))
                .isInstanceOfSatisfying(BackupException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
                    assertThat(failure.context()).containsEntry("http", "405");
                })
                .hasMessageContaining("has not answered others");
    }

    @Test
    void aTargetThatHasHadItsRetriesIsAskedOnceACall() {
        while (target.budget().spend()) {
            // Until nothing is left.
        }
        var faulty = new FaultyStore(inner, (call, name, number) -> Fault.FAILS);

        assertThatThrownBy(() -> behind(faulty).length(NAME))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.context()).containsEntry("tried", "1"));
        assertThat(faulty.calls()).isEqualTo(1);
    }

    @Test
    void aTargetThatSaysForHowLongItWantsToBeLeftAloneIsLeftAlone() {
        failing(Fault.NONE, 0).length(NAME);
        var calls = new AtomicInteger();
        var busy = new FaultyStore(inner, (call, name, number) -> {
            if (calls.getAndIncrement() == 0) {
                throw ErrorCode.STORE_UNAVAILABLE.because("slow down").with("retryAfter", "20");
            }
            return Fault.NONE;
        });

        assertThat(behind(busy).length(NAME)).isEmpty();
        assertThat(time.nanos()).isEqualTo(Duration.ofSeconds(20).toNanos());
    }

    @Test
    void somebodyWhoEndsItIsNotAFailureOfTheTarget() {
        var ended = new FaultyStore(inner, (call, name, number) -> {
            throw ErrorCode.CANCELLED.because("enough");
        });

        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> behind(ended).length(NAME)).isInstanceOf(CancelledException.class);
        }
        assertThat(target.breaker().state()).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    @Test
    void whatFailsForAnotherReasonIsNotAskedAgain() {
        Instant before = time.now();

        assertThatThrownBy(() -> failing(Fault.FULL, 1).putIfAbsent(NAME, CONTENT))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NO_SPACE));
        assertThatThrownBy(() -> failing(Fault.NONE, 0).read(NAME, 0, ByteBuffer.allocate(1)))
                .isInstanceOf(BackupException.class);
        assertThat(time.now()).isEqualTo(before);
    }

    @Test
    void itIsTheSameTargetToWhoeverAsks() {
        RecoveringStore store = failing(Fault.NONE, 0);

        assertThat(store.location()).isEqualTo(inner.location());
        assertThat(store.questions()).isEmpty();
    }

    @Test
    void whatIsKnownOfARecallIsWhatTheStoreKnows() {
        var terms = new ObjectStore.Recall.Terms(Set.of(), Set.of(ObjectStore.Recall.Speed.BULK), Map.of());
        var cold = new ForwardingStore(inner) {
            @Override
            public Optional<Recall> recall() {
                return Optional.of(new Recall() {
                    @Override
                    public Readiness readiness(ObjectName name) {
                        return Readiness.COLD;
                    }

                    @Override
                    public void request(ObjectName name, Speed speed, Duration keep) {}

                    @Override
                    public Terms terms(ObjectName name) {
                        return terms;
                    }
                });
            }
        };

        assertThat(behind(cold).recall().orElseThrow().terms(NAME)).isEqualTo(terms);
    }

    @Test
    void aWriterThatMayNotReadWhatItWroteIsToldThatItIsThere() {
        var answers = new AtomicInteger();
        var writeOnly = new FaultyStore(inner, (call, name, number) -> switch (call) {
            case PUT -> answers.getAndIncrement() == 0 ? Fault.ANSWER_LOST : Fault.NONE;
            default -> throw ErrorCode.STORE_DENIED.because("write only");
        });

        assertThat(behind(writeOnly).putIfAbsent(NAME, CONTENT)).isEqualTo(PutOutcome.EXISTED);
    }
}
