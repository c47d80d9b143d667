/** A service that is quiesced and resumed over HTTP. */
module org.medbackup.app.http {
    requires java.net.http;
    requires org.medbackup.core;
    requires tools.jackson.core;
    requires static org.jspecify;

    provides org.medbackup.core.spi.app.ApplicationProvider with
            org.medbackup.app.http.HttpProvider;
}
