import org.medbackup.core.spi.store.StoreProvider;
import org.medbackup.store.s3.S3StoreProvider;

/** Objects in a bucket of Amazon S3, or of whatever speaks its protocol. */
module org.medbackup.store.s3 {
    // What the libraries need of the JDK and, having no descriptors, cannot say.
    requires java.naming;
    requires java.security.jgss;
    requires java.xml;
    requires jdk.net;
    requires org.medbackup.core;
    requires org.medbackup.store.common;
    requires software.amazon.awssdk.auth;
    requires software.amazon.awssdk.awscore;
    requires software.amazon.awssdk.core;
    requires software.amazon.awssdk.http;
    requires software.amazon.awssdk.http.apache5;
    requires software.amazon.awssdk.metrics;
    requires software.amazon.awssdk.regions;
    requires software.amazon.awssdk.retries.api;
    requires software.amazon.awssdk.retries;
    requires software.amazon.awssdk.services.s3;
    requires static org.jspecify;

    provides StoreProvider with
            S3StoreProvider;
}
