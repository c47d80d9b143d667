package org.medbackup.it;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Properties;
import java.util.logging.Logger;

/** Stands in a jar for a driver that a user drops in: it takes every address of Oracle, and reaches nothing. */
public final class DroppedDriver implements Driver {

    static {
        try {
            DriverManager.registerDriver(new DroppedDriver());
        } catch (SQLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** For the {@link java.util.ServiceLoader}. */
    public DroppedDriver() {}

    @Override
    public Connection connect(String url, Properties properties) throws SQLException {
        throw new SQLException("nobody listens", "66000", 12541);
    }

    @Override
    public boolean acceptsURL(String url) {
        return url.startsWith("jdbc:oracle:");
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) {
        return new DriverPropertyInfo[0];
    }

    @Override
    public int getMajorVersion() {
        return 1;
    }

    @Override
    public int getMinorVersion() {
        return 0;
    }

    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }
}
