package org.medbackup.governor.signal;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.signal.Sample;

/** A query over a connection that is kept: how long it takes until its last row, or what it returns. */
final class Query implements Measurement {

    private final TimeSource time;
    private final Duration timeout;
    private final String url;
    private final String text;
    private final boolean returnsValue;
    private @Nullable Connection connection;
    private @Nullable PreparedStatement statement;

    Query(TimeSource time, Duration timeout, String url, String text, boolean returnsValue) {
        this.time = time;
        this.timeout = timeout;
        this.url = url;
        this.text = text;
        this.returnsValue = returnsValue;
    }

    @Override
    public Sample take() throws SQLException {
        PreparedStatement query = statement == null ? prepare() : statement;
        statement = query;
        long begun = time.nanos();
        double first = Double.NaN;
        try (ResultSet rows = query.executeQuery()) {
            for (int row = 0; rows.next(); row++) {
                if (row == 0 && returnsValue) {
                    double value = rows.getDouble(1);
                    first = rows.wasNull() ? Double.NaN : value;
                }
            }
        }
        long now = time.nanos();
        return Sample.of(returnsValue ? first : (now - begun) / 1e9, now);
    }

    /** Connecting is not measured: an application keeps its connections too. */
    private PreparedStatement prepare() throws SQLException {
        Connection fresh = DriverManager.getConnection(url);
        connection = fresh;
        try {
            fresh.setNetworkTimeout(Runnable::run, (int) Math.max(1, timeout.toMillis()));
        } catch (SQLFeatureNotSupportedException | AbstractMethodError local) {
            // Then the statement's own has to do.
        }
        PreparedStatement prepared = fresh.prepareStatement(text);
        prepared.setQueryTimeout((int) Math.max(1, timeout.toSeconds()));
        return prepared;
    }

    @Override
    public void release() {
        Connection open = connection;
        connection = null;
        statement = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException broken) {
                // It is gone, then.
            }
        }
    }
}
