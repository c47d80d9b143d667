/** Notifications by mail. */
module org.medbackup.notify.smtp {
    requires jakarta.activation;
    requires jakarta.mail;
    requires org.eclipse.angus.mail;
    requires org.medbackup.core;
    requires org.medbackup.notify.common;
    requires static org.jspecify;

    provides org.medbackup.core.spi.notify.ChannelProvider with
            org.medbackup.notify.smtp.SmtpProvider;
}
