package org.medbackup.engine.internal.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.CollectRequest;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.commit.OpenTickets;
import org.medbackup.engine.internal.commit.Signers;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.engine.internal.commit.TicketHolder;
import org.medbackup.engine.internal.index.CondemnedPacks;
import org.medbackup.engine.internal.index.Index;
import org.medbackup.engine.internal.index.IndexRewrite;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.testkit.Evidence;
import org.medbackup.testkit.MemoryStore;

/**
 * Searches the orders in which writers and collectors can take their steps, over the real classes: in none of them may a
 * restore point be left without its chunks, and with any one rule of the protocol taken away there must be one in which it
 * is. A plain run tries every so-many-th order, {@code ./check --long} all of them, or with {@code -Dprotocol.every=N} every
 * N-th.
 */
class ProtocolSearchTest {

    private static final Duration LONGER_THAN_ANY_LEASE = Duration.ofHours(30);
    private static final int WRITER_STEPS = 8;
    private static final int COLLECTOR_STEPS = 40;

    @TempDir
    static Path temp;

    private static ProtocolWorld world;
    private static ProtocolWorld sparse;

    @BeforeAll
    static void prepare() throws IOException {
        world = new ProtocolWorld(Files.createDirectory(temp.resolve("world")), false);
        sparse = new ProtocolWorld(Files.createDirectory(temp.resolve("sparse")), true);
    }

    /** One order: who runs first and how far, whether leases end then, and how far the other runs before the first goes on. */
    record Order(boolean writerFirst, int writerSteps, boolean leaseEnds, int collectorSteps) {

        static List<Order> all() {
            var orders = new ArrayList<Order>();
            for (boolean writerFirst : new boolean[] {true, false}) {
                for (boolean leaseEnds : new boolean[] {true, false}) {
                    for (int writer = 1; writer <= WRITER_STEPS; writer++) {
                        for (int collector = 1; collector <= COLLECTOR_STEPS; collector++) {
                            orders.add(new Order(writerFirst, writer, leaseEnds, collector));
                        }
                    }
                }
            }
            // In the order of a fixed draw, so that a sample is spread and a search finds soon.
            Collections.shuffle(orders, new Random(1));
            return orders;
        }

        void run(ProtocolWorld.Execution execution) {
            Schedule schedule = execution.schedule();
            if (writerFirst) {
                schedule.steps("writer", writerSteps);
                pass(execution);
                schedule.steps("collector", collectorSteps);
                schedule.finish("writer");
                schedule.finish("collector");
            } else {
                schedule.steps("collector", collectorSteps);
                schedule.steps("writer", writerSteps);
                pass(execution);
                schedule.finish("collector");
                schedule.finish("writer");
            }
        }

        private void pass(ProtocolWorld.Execution execution) {
            if (leaseEnds) {
                execution.wait(LONGER_THAN_ANY_LEASE);
            }
        }
    }

    /**
     * A rule of the protocol that can be taken away, and in which half of the orders its lack shows soonest: a plain run
     * begins with these.
     */
    enum Rule {
        WAIT_FOR_OPEN_TICKETS,
        LIST_TICKETS_AFTER_PUBLISHING,
        TAKE_THE_SLOT_OF_A_LAPSED_TICKET,
        LOOK_AGAIN_AT_WHAT_IS_NEEDED,
        READ_THE_INDEX_AFTER_THE_CONDEMNED_LISTS,
        LOOK_AT_THE_SLOT_BEFORE_EACH_INDEX_ROOT;

        Collector collector(RepositoryCore core, CollectRequest request, OperationLog log) {
            return switch (this) {
                case WAIT_FOR_OPEN_TICKETS -> new Unwaiting(core, request, log);
                case LIST_TICKETS_AFTER_PUBLISHING -> new EarlyListing(core, request, log);
                case TAKE_THE_SLOT_OF_A_LAPSED_TICKET -> new Unfencing(core, request, log);
                case LOOK_AGAIN_AT_WHAT_IS_NEEDED -> new SingleLook(core, request, log);
                case READ_THE_INDEX_AFTER_THE_CONDEMNED_LISTS, LOOK_AT_THE_SLOT_BEFORE_EACH_INDEX_ROOT ->
                    new Collector(core, request, log);
            };
        }

        boolean showsSoonIn(Order order) {
            return switch (this) {
                case WAIT_FOR_OPEN_TICKETS -> order.writerFirst && !order.leaseEnds;
                case LIST_TICKETS_AFTER_PUBLISHING ->
                    !order.writerFirst && !order.leaseEnds && order.collectorSteps > 8 && order.collectorSteps < 13;
                case TAKE_THE_SLOT_OF_A_LAPSED_TICKET, LOOK_AT_THE_SLOT_BEFORE_EACH_INDEX_ROOT -> order.leaseEnds;
                case LOOK_AGAIN_AT_WHAT_IS_NEEDED -> order.writerFirst;
                case READ_THE_INDEX_AFTER_THE_CONDEMNED_LISTS ->
                    !order.writerFirst && !order.leaseEnds && order.writerSteps == 1;
            };
        }

        UnaryOperator<ObjectStore> writersView(MemoryStore truth) {
            return switch (this) {
                case READ_THE_INDEX_AFTER_THE_CONDEMNED_LISTS -> store -> new StaleIndexStore(store, truth);
                case LOOK_AT_THE_SLOT_BEFORE_EACH_INDEX_ROOT -> UnfencedStore::new;
                default -> store -> store;
            };
        }
    }

    private static final class Unwaiting extends Collector {
        Unwaiting(RepositoryCore core, CollectRequest request, OperationLog log) {
            super(core, request, log);
        }

        @Override
        Settlement settlement(RepositoryCore repository, Findings found, TicketHolder ticket) {
            return new Settlement(repository, found, ticket) {
                @Override
                List<String> openTickets() {
                    return List.of();
                }
            };
        }
    }

    private static final class EarlyListing extends Collector {
        private final RepositoryCore core;
        private List<String> early = List.of();

        EarlyListing(RepositoryCore core, CollectRequest request, OperationLog log) {
            super(core, request, log);
            this.core = core;
        }

        @Override
        long publish(List<byte[]> condemned, IndexRewrite index) {
            var findings = new Findings(OperationLog.silent());
            early = OpenTickets.read(core.store(), core.keys(), findings).writing(core.slots(findings));
            return super.publish(condemned, index);
        }

        @Override
        Settlement settlement(RepositoryCore repository, Findings found, TicketHolder ticket) {
            return new Settlement(repository, found, ticket) {
                @Override
                List<String> openTickets() {
                    return early;
                }
            };
        }
    }

    private static final class Unfencing extends Collector {
        Unfencing(RepositoryCore core, CollectRequest request, OperationLog log) {
            super(core, request, log);
        }

        @Override
        Settlement settlement(RepositoryCore repository, Findings found, TicketHolder ticket) {
            return new Settlement(repository, found, ticket) {
                @Override
                void fence(String id, Slots slots) {
                    // The writer is believed to be dead.
                }
            };
        }
    }

    private static final class SingleLook extends Collector {
        SingleLook(RepositoryCore core, CollectRequest request, OperationLog log) {
            super(core, request, log);
        }

        @Override
        Removal removal(RepositoryCore repository, Findings found, Signers believed, Runnable pulse) {
            return new Removal(repository, found, believed, pulse) {
                @Override
                PackJudge secondLook(Index current, Set<String> written) {
                    return new PackJudge(repository, current, current.marks(), CondemnedPacks.none(), Set.of());
                }
            };
        }
    }

    private static String loss(Order order, Rule broken) {
        try (ProtocolWorld.Execution execution = world.execution()) {
            execution.writer("writer", broken.writersView(execution.store()));
            execution.collector("collector", 2, broken::collector);
            order.run(execution);
            return execution.loss();
        }
    }

    private static List<Order> sample(int every) {
        List<Order> all = Order.all();
        return all.subList(0, all.size() / Evidence.rounds(every, Integer.getInteger("protocol.every", 1)));
    }

    @Test
    void inNoOrderOfTheirStepsDoesACollectorTakeAwayWhatAWriterLeansOn() {
        long started = System.nanoTime();
        for (Order order : sample(31)) {
            try (ProtocolWorld.Execution execution = world.execution()) {
                execution.writer("writer", store -> store);
                execution.collector("collector", 2, Collector::new);
                order.run(execution);
                assertThat(execution.loss())
                        .describedAs("%s: %s", order, execution.schedule().trace())
                        .isEmpty();
            }
        }
        keep("writer-and-collector", started, sample(31).size());
    }

    private static void keep(String part, long started, long orders) {
        Evidence.keep(
                "protocol",
                part,
                started,
                new TreeMap<>(Map.of(
                        "orders", orders, "ordersInAll", (long) Order.all().size(), "losses", 0L)));
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void withoutARuleOfTheProtocolThereIsAnOrderThatLosesARestorePoint(Rule rule) {
        long started = System.nanoTime();
        List<Order> orders = new ArrayList<>(Order.all());
        orders.sort(Comparator.comparing(rule::showsSoonIn).reversed());
        long tried = 0;
        for (Order order : orders) {
            tried++;
            if (!loss(order, rule).isEmpty()) {
                Evidence.keep(
                        "protocol",
                        "without-" + rule.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        started,
                        new TreeMap<>(Map.of("orders until a loss", tried)));
                return;
            }
        }
        throw new AssertionError("no order loses a restore point without the rule " + rule);
    }

    @Test
    void inNoOrderDoesWritingAPackAnewTakeAwayWhatAWriterOrAReaderLeansOn() {
        long started = System.nanoTime();
        for (Order order : sample(43)) {
            try (ProtocolWorld.Execution execution = sparse.execution()) {
                execution.writer("writer", store -> store);
                execution.collector("collector", 2, Collector::new);
                execution.reader("reader");
                execution.schedule().steps("reader", 1 + order.writerSteps() % 4);
                order.run(execution);
                execution.schedule().finish("reader");
                assertThat(execution.schedule().failed("reader"))
                        .describedAs("%s: %s", order, execution.schedule().trace())
                        .isFalse();
                assertThat(execution.loss())
                        .describedAs("%s: %s", order, execution.schedule().trace())
                        .isEmpty();
            }
        }
        keep("compaction-and-reader", started, sample(43).size());
    }

    @Test
    void aPackOfWhichHalfIsGarbageIsWrittenAnewInTheseOrders() {
        try (ProtocolWorld.Execution execution = sparse.execution()) {
            execution.collector("collector", 1, Collector::new);
            execution.schedule().finish("collector");

            assertThat(execution.schedule().trace())
                    .anyMatch(step -> step.startsWith("collector PUT d/"))
                    .anyMatch(step -> step.startsWith("collector DELETE d/"));
        }
    }

    @Test
    void aCollectorThatWakesUpAfterAnotherHasFinishedTakesNothingAway() {
        long started = System.nanoTime();
        for (Order order : sample(37)) {
            try (ProtocolWorld.Execution execution = sparse.execution()) {
                Schedule schedule = execution.schedule();
                execution.collector("sleeper", 1, Collector::new);
                execution.writer("writer", store -> store);
                schedule.steps("sleeper", order.collectorSteps());
                if (order.writerFirst()) {
                    schedule.steps("writer", order.writerSteps());
                }
                if (order.leaseEnds()) {
                    execution.wait(LONGER_THAN_ANY_LEASE);
                }
                execution.collector("collector", 2, Collector::new);
                schedule.finish("collector");
                schedule.finish("writer");
                schedule.finish("sleeper");
                assertThat(execution.loss())
                        .describedAs("%s: %s", order, schedule.trace())
                        .isEmpty();
            }
        }
        keep("sleeping-collector", started, sample(37).size());
    }

    @Test
    void inNoOrderDoesAListThatIsDamagedWhileItIsNeededCostAWriterItsChunks() {
        long started = System.nanoTime();
        for (Order order : sample(53)) {
            try (ProtocolWorld.Execution execution = world.execution()) {
                Schedule schedule = execution.schedule();
                execution.collector("sleeper", 1, Collector::new);
                if (schedule.until("sleeper", "PUT g/")) {
                    schedule.steps("sleeper", order.collectorSteps() % 12);
                }
                execution.store().names("g/").forEach(list -> execution.store().flip(list, 60));
                execution.writer("writer", store -> store);
                execution.collector("collector", 2, Collector::new);
                order.run(execution);
                schedule.finish("sleeper");
                assertThat(execution.loss())
                        .describedAs("%s: %s", order, schedule.trace())
                        .isEmpty();
            }
        }
        keep("damaged-list", started, sample(53).size());
    }

    @Test
    void twoCollectorsAtOnceTakeAwayNothingThatIsNeeded() {
        long started = System.nanoTime();
        for (Order order : sample(47)) {
            try (ProtocolWorld.Execution execution = world.execution()) {
                execution.collector("writer", 2, Collector::new);
                execution.collector("collector", 2, Collector::new);
                order.run(execution);
                assertThat(execution.loss())
                        .describedAs("%s: %s", order, execution.schedule().trace())
                        .isEmpty();
            }
        }
        keep("two-collectors", started, sample(47).size());
    }
}
