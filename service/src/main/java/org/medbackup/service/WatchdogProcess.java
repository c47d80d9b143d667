package org.medbackup.service;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import org.medbackup.apps.Watchdog;
import org.medbackup.core.TimeSource;

/** The watchdog's process: guards until its input ends and nothing is frozen. Started by the product, by nobody else. */
final class WatchdogProcess {

    private WatchdogProcess() {}

    public static void main(String[] arguments) {
        new Watchdog(TimeSource.system(), FreezeProtection::open)
                .guard(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out));
    }
}
