package org.medbackup.app.mariadb.binlog;

import java.io.IOException;

/** A file is no binary log, or its bytes were changed. */
public final class MalformedBinlog extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedBinlog(String why) {
        super(why);
    }
}
