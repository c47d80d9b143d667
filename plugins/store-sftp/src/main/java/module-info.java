import org.medbackup.core.spi.store.StoreProvider;
import org.medbackup.store.sftp.SftpStoreProvider;

/** Objects as files of an account on another machine, over SFTP. */
module org.medbackup.store.sftp {
    requires org.apache.sshd.osgi;
    requires org.apache.sshd.sftp;
    requires org.medbackup.core;
    requires org.medbackup.store.common;
    // What the library needs and, having no descriptor, cannot say.
    requires org.slf4j;
    requires static org.jspecify;

    provides StoreProvider with
            SftpStoreProvider;
}
