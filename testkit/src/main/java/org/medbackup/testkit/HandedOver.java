package org.medbackup.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.CopySink;

/** A sink that keeps the names of what an application hands over. For one thread. */
public class HandedOver implements CopySink {

    private final List<String> trees = new ArrayList<>();
    private final List<String> all = new ArrayList<>();

    /** A sink to which nothing was handed over yet. */
    public HandedOver() {}

    /** Paths of the trees, in the order of the calls. */
    public List<String> trees() {
        return List.copyOf(trees);
    }

    /** All paths, in the order of the calls. */
    public List<String> all() {
        return List.copyOf(all);
    }

    @Override
    public void tree(TreeCopy copy) {
        trees.add(copy.as().toString());
        all.add(copy.as().toString());
    }

    @Override
    public void file(Path source, PathBytes as, Cut cut) {
        all.add(as.toString());
    }

    @Override
    public void content(PathBytes as, byte[] content, PathBytes attributesOf) {
        all.add(as.toString());
    }

    @Override
    public void stream(PathBytes as, InputStream content, StreamAttributes attributes, Cut cut) {
        try {
            content.transferTo(OutputStream.nullOutputStream());
        } catch (IOException failed) {
            throw ErrorCode.APPLICATION_FAILED.because("its stream failed", failed);
        }
        all.add(as.toString());
    }
}
