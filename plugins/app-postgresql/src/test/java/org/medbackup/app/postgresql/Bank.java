package org.medbackup.app.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Money that is moved and never made: the balances of all accounts sum to zero, and each balance is the sum of the account's
 * entries in the ledger. Accounts and ledger lie in different files, so a copy that mixes two times breaks the second rule.
 */
public final class Bank {

    public static final int ACCOUNTS = 500;

    /** What must be true, in the form of the option of a connection. */
    public static final String INVARIANT = """
        SELECT sum(balance) = 0 FROM account
        SELECT count(*) = 0 FROM account a LEFT JOIN (SELECT account, sum(delta) AS total FROM ledger GROUP BY account) l ON l.account = a.id WHERE a.balance <> coalesce(l.total, 0)
        """;

    private Bank() {}

    public static void open(TestCluster cluster) {
        cluster.run(
                "CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL, filler text)",
                "CREATE TABLE ledger (id bigserial PRIMARY KEY, account int NOT NULL, delta bigint NOT NULL)",
                "CREATE INDEX ON ledger (account)",
                "CREATE TABLE marker (name text PRIMARY KEY)",
                "CREATE TABLE fixed AS SELECT i AS id, repeat('x', 200) AS filler FROM generate_series(1, 2000) i",
                "INSERT INTO account SELECT i, 0, repeat('f', 100) FROM generate_series(1, " + ACCOUNTS + ") i");
    }

    public static void transfer(Connection connection, Random random) throws SQLException {
        int from = 1 + random.nextInt(ACCOUNTS);
        int to = 1 + random.nextInt(ACCOUNTS);
        if (from == to) {
            return;
        }
        long amount = 1L + random.nextInt(1000);
        try (PreparedStatement account =
                        connection.prepareStatement("UPDATE account SET balance = balance + ? WHERE id = ?");
                PreparedStatement entry =
                        connection.prepareStatement("INSERT INTO ledger (account, delta) VALUES (?, ?)")) {
            // In the order of the accounts, so that two writers never wait for each other in a circle.
            for (int each : new int[] {Math.min(from, to), Math.max(from, to)}) {
                long delta = each == from ? -amount : amount;
                account.setLong(1, delta);
                account.setInt(2, each);
                account.executeUpdate();
                entry.setInt(1, each);
                entry.setLong(2, delta);
                entry.executeUpdate();
            }
        }
        connection.commit();
    }

    public static void transfers(TestCluster cluster, int count, long seed) {
        try (Connection connection = cluster.connect()) {
            connection.setAutoCommit(false);
            var random = new Random(seed);
            for (int i = 0; i < count; i++) {
                transfer(connection, random);
            }
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    /** What is wrong with the books; empty when nothing is. */
    public static List<String> faults(Connection connection) {
        List<String> faults = new ArrayList<>();
        String total =
                TestCluster.ask(connection, "SELECT sum(balance) FROM account").getFirst();
        if (!total.equals("0")) {
            faults.add("balances sum to " + total);
        }
        faults.addAll(TestCluster.ask(
                connection,
                "SELECT 'account ' || a.id || ' differs from its ledger' FROM account a"
                        + " LEFT JOIN (SELECT account, sum(delta) AS total FROM ledger GROUP BY account) l"
                        + " ON l.account = a.id WHERE a.balance <> coalesce(l.total, 0)"));
        return faults;
    }

    /** Writers that never stop until they are closed. */
    public static final class Load implements AutoCloseable {

        private final List<Thread> writers = new ArrayList<>();
        private final AtomicLong committed = new AtomicLong();
        private volatile boolean over;

        public Load(TestCluster cluster, int threads) {
            for (int i = 0; i < threads; i++) {
                int seed = i;
                writers.add(Thread.ofPlatform().daemon().start(() -> write(cluster, seed)));
            }
        }

        private void write(TestCluster cluster, int seed) {
            try (Connection connection = cluster.connect()) {
                connection.setAutoCommit(false);
                var random = new Random(seed);
                while (!over) {
                    transfer(connection, random);
                    committed.incrementAndGet();
                }
            } catch (SQLException ended) {
                throw new AssertionError(ended);
            }
        }

        public long committed() {
            return committed.get();
        }

        @Override
        public void close() {
            over = true;
            for (Thread writer : writers) {
                try {
                    writer.join();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
