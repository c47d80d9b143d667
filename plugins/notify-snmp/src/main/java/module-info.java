/** Notifications by SNMP. */
module org.medbackup.notify.snmp {
    requires org.medbackup.core;
    requires org.medbackup.notify.common;
    requires org.snmp4j;
    requires static org.jspecify;

    provides org.medbackup.core.spi.notify.ChannelProvider with
            org.medbackup.notify.snmp.SnmpProvider;
}
