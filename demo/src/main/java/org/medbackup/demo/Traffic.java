package org.medbackup.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;

/**
 * A writer that never stops: it moves money between accounts, one transaction after the other, and remembers between which
 * positions of the write-ahead log each was committed. So it is known, independently of the backup, which transfers a
 * restored database must have, and which it must not have.
 */
final class Traffic implements AutoCloseable {

    private final Hospital hospital;
    private final int accounts;
    private final RandomGenerator random;
    private final List<Commit> commits = new ArrayList<>();
    private final Thread thread;
    private volatile boolean stopped;
    private volatile @Nullable SQLException failure;

    /**
     * One transfer.
     *
     * @param before position of the log before the commit was sent
     * @param after position of the log after it was acknowledged
     */
    private record Commit(long before, long after) {}

    private Traffic(Hospital hospital, int accounts, long seed) {
        this.hospital = hospital;
        this.accounts = accounts;
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        this.thread = Thread.ofPlatform().name("hospital-traffic").daemon().unstarted(this::run);
    }

    static Traffic start(Hospital hospital, int accounts, long seed) {
        var traffic = new Traffic(hospital, accounts, seed);
        traffic.thread.start();
        return traffic;
    }

    private void run() {
        try (Connection connection = hospital.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (long number = 1; !stopped; number++) {
                transfer(statement, number);
                long before = position(statement);
                connection.commit();
                long after = position(statement);
                connection.commit();
                synchronized (commits) {
                    commits.add(new Commit(before, after));
                }
            }
        } catch (SQLException lost) {
            failure = lost;
        }
    }

    private void transfer(Statement statement, long number) throws SQLException {
        int from = 1 + random.nextInt(accounts);
        int to = 1 + (from + random.nextInt(accounts - 1)) % accounts;
        int amount = 1 + random.nextInt(10_000);
        statement.execute("UPDATE account SET balance = balance - " + amount + " WHERE id = " + from);
        statement.execute("UPDATE account SET balance = balance + " + amount + " WHERE id = " + to);
        statement.execute("INSERT INTO posting (account, amount) VALUES (" + from + ", -" + amount + "), (" + to + ", "
                + amount + ")");
        statement.execute("INSERT INTO journal VALUES (" + number + ")");
    }

    private static long position(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")) {
            row.next();
            return row.getLong(1);
        }
    }

    /**
     * How many transfers a database must have that was restored to a position.
     *
     * @param least those that were acknowledged before it
     * @param most and those that may have been
     */
    record Expected(long least, long most) {

        boolean contains(long count) {
            return count >= least && count <= most;
        }
    }

    Expected expectedAt(String position) {
        String[] halves = position.split("/");
        long at = Long.parseLong(halves[0], 16) << 32 | Long.parseLong(halves[1], 16);
        synchronized (commits) {
            long least = commits.stream().filter(commit -> commit.after() <= at).count();
            long most = commits.stream().filter(commit -> commit.before() < at).count();
            // One more may be committed and not yet remembered.
            return new Expected(least, most + 1);
        }
    }

    /** How many transfers there have been. */
    long count() {
        synchronized (commits) {
            return commits.size();
        }
    }

    /** Fails where the writer has been hurt. */
    void requireUnharmed() {
        SQLException lost = failure;
        if (lost != null) {
            throw ErrorCode.APPLICATION_FAILED.because("the application's writer was interrupted", lost);
        }
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
