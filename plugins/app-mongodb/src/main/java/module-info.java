/** MongoDB 6 to 8: backup cursors, snapshots, and locks of a hidden member, and the start of what was restored. */
module org.medbackup.app.mongodb {
    // For the driver, which has no descriptor and cannot say what it needs of the JDK.
    requires java.logging;
    requires java.management;
    requires java.naming;
    requires java.security.jgss;
    requires java.security.sasl;
    requires org.medbackup.core;
    requires org.mongodb.bson;
    requires org.mongodb.driver.core;
    requires org.mongodb.driver.sync.client;
    requires static org.jspecify;

    provides org.medbackup.core.spi.app.ApplicationProvider with
            org.medbackup.app.mongodb.MongoProvider;
}
