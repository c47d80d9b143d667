package org.medbackup.audit.files;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** Makes what was written durable; the seam at which tests count and fail. */
@FunctionalInterface
public interface DiskSync {

    /** Returns when the content of a file, or the names in a folder, would survive a power cut. */
    void force(FileChannel channel) throws IOException;
}
