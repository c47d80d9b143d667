package org.medbackup.app.oracle.fake;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Names of machines at which one database answers, each by a driver of its own. For one thread. */
final class Doors implements AutoCloseable {

    private final List<JdbcFake.FakeDriver> drivers = new ArrayList<>();

    static String address(String host) {
        return "oracle://" + FakeDatabase.USER + "@" + host + "/ORCL";
    }

    static String jdbc(String host) {
        return "jdbc:oracle:thin:@//" + host + ":1521/ORCL";
    }

    void open(String host, JdbcFake.Logins logins) {
        var driver = new JdbcFake.FakeDriver(jdbc(host), logins);
        try {
            DriverManager.registerDriver(driver);
        } catch (SQLException impossible) {
            throw new IllegalStateException(impossible);
        }
        drivers.add(driver);
    }

    @Override
    public void close() {
        try {
            for (JdbcFake.FakeDriver each : drivers) {
                DriverManager.deregisterDriver(each);
            }
        } catch (SQLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
