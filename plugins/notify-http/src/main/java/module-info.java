/** Notifications over HTTP: webhooks, PagerDuty and Alertmanager. */
module org.medbackup.notify.http {
    requires java.net.http;
    requires org.medbackup.core;
    requires org.medbackup.notify.common;
    requires tools.jackson.core;
    requires static org.jspecify;

    provides org.medbackup.core.spi.notify.ChannelProvider with
            org.medbackup.notify.http.WebhookProvider,
            org.medbackup.notify.http.PagerDutyProvider,
            org.medbackup.notify.http.AlertmanagerProvider;
}
