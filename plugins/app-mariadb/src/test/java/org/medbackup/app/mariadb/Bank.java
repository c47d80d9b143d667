package org.medbackup.app.mariadb;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Money that is moved and never made: the balances sum to zero, and each balance is the sum of the account's entries in the
 * ledger. Accounts and ledger lie in different files, so a copy that mixes two times breaks the second rule.
 */
final class Bank implements AutoCloseable {

    private static final int ACCOUNTS = 500;

    private final TestServer server;
    private final AtomicLong committed = new AtomicLong();
    private final SortedMap<Long, Transfer> transfers = new ConcurrentSkipListMap<>();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean over;

    private Bank(TestServer server) {
        this.server = server;
    }

    static void open(TestServer server) {
        server.sql(
                "CREATE DATABASE IF NOT EXISTS bank",
                "CREATE TABLE bank.account (id INT PRIMARY KEY, balance BIGINT NOT NULL, filler CHAR(80))"
                        + " ENGINE=InnoDB",
                "CREATE TABLE bank.ledger (id BIGINT PRIMARY KEY AUTO_INCREMENT, account INT NOT NULL, delta BIGINT"
                        + " NOT NULL) ENGINE=InnoDB",
                "CREATE TABLE bank.note (id INT PRIMARY KEY, text VARCHAR(50)) ENGINE=Aria",
                "INSERT INTO bank.note VALUES (1, 'kept')",
                "INSERT INTO bank.account SELECT seq, 0, 'x' FROM seq_1_to_" + ACCOUNTS);
    }

    /** Clients that move money until this is closed, and one whose transaction never ends. */
    static Bank busy(TestServer server, int count) {
        var bank = new Bank(server);
        for (int i = 0; i < count; i++) {
            int seed = i;
            Thread client = new Thread(() -> bank.move(new Random(seed)), "bank-" + i);
            bank.clients.add(client);
            client.start();
        }
        TestServer.until(() -> bank.committed.get() >= 20);
        return bank;
    }

    long committed() {
        return committed.get();
    }

    private void move(Random random) {
        while (!over) {
            try (Connection connection = server.connect();
                    PreparedStatement account =
                            connection.prepareStatement("UPDATE bank.account SET balance = balance + ? WHERE id = ?");
                    PreparedStatement ledger =
                            connection.prepareStatement("INSERT INTO bank.ledger (account, delta) VALUES (?, ?)")) {
                connection.setAutoCommit(false);
                while (!over) {
                    transfer(connection, account, ledger, random);
                }
            } catch (SQLException | AssertionError cutOff) {
                // A deadlock, or the server is away: again.
            }
        }
    }

    private void transfer(Connection connection, PreparedStatement account, PreparedStatement ledger, Random random)
            throws SQLException {
        int from = 1 + random.nextInt(ACCOUNTS);
        int to = 1 + random.nextInt(ACCOUNTS);
        int amount = 1 + random.nextInt(100);
        for (int[] step : new int[][] {{from, -amount}, {to, amount}}) {
            account.setLong(1, step[1]);
            account.setInt(2, step[0]);
            account.executeUpdate();
            ledger.setInt(1, step[0]);
            ledger.setLong(2, step[1]);
            ledger.executeUpdate();
        }
        connection.commit();
        committed.incrementAndGet();
        // Of one domain, so its number is the place in the order of the commits.
        String gtid = TestServer.ask(connection, "SELECT @@last_gtid").getFirst();
        transfers.put(Long.parseLong(gtid.substring(gtid.lastIndexOf('-') + 1)), new Transfer(from, to, amount));
    }

    /** What a client has moved. */
    record Transfer(int from, int to, int amount) {}

    /** All that was moved, by the number of the transaction. */
    SortedMap<Long, Transfer> transfers() {
        return transfers;
    }

    /** The accounts that are not empty after these transfers. */
    static List<String> balances(Collection<Transfer> transfers) {
        var balances = new TreeMap<Integer, Long>();
        for (Transfer each : transfers) {
            balances.merge(each.from(), (long) -each.amount(), Long::sum);
            balances.merge(each.to(), (long) each.amount(), Long::sum);
        }
        return balances.entrySet().stream()
                .filter(each -> each.getValue() != 0)
                .map(each -> each.getKey() + ":" + each.getValue())
                .toList();
    }

    static List<String> balances(Connection connection) {
        return TestServer.ask(
                connection, "SELECT CONCAT(id, ':', balance) FROM bank.account WHERE balance <> 0 ORDER BY id");
    }

    /** How many accounts do not agree with the ledger; and one more where money was made. */
    static long faults(Connection connection) {
        return Long.parseLong(TestServer.ask(
                        connection,
                        "SELECT (SELECT COUNT(*) FROM bank.account a LEFT JOIN (SELECT account, SUM(delta) s FROM"
                                + " bank.ledger GROUP BY account) l ON l.account = a.id WHERE a.balance <> COALESCE(l.s,"
                                + " 0)) + (SELECT SUM(balance) <> 0 FROM bank.account)")
                .getFirst());
    }

    @Override
    public void close() {
        over = true;
        for (Thread client : clients) {
            try {
                client.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
