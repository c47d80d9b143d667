/** Time-stamps of services that speak RFC 3161. */
@SuppressWarnings("module") // The standard is named so.
module org.medbackup.stamp.rfc3161 {
    requires java.net.http;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.medbackup.core;
    requires static org.jspecify;

    provides org.medbackup.core.spi.stamp.TimestampProvider with
            org.medbackup.stamp.rfc3161.Rfc3161Provider;
}
