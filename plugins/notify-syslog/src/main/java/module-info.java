/** Notifications by syslog. */
module org.medbackup.notify.syslog {
    requires org.medbackup.core;
    requires org.medbackup.notify.common;
    requires static org.jspecify;

    provides org.medbackup.core.spi.notify.ChannelProvider with
            org.medbackup.notify.syslog.SyslogProvider;
}
