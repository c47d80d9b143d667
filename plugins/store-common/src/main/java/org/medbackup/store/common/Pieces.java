package org.medbackup.store.common;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.medbackup.core.spi.throttle.Throttle;

/** A stream that is read in pieces only, each as large as a permit. */
abstract class Pieces extends FilterInputStream {

    Pieces(InputStream stream) {
        super(stream);
    }

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public abstract int read(byte[] target, int offset, int length) throws IOException;

    /** Reads what a permit allows. */
    final int used(Throttle.Permit permit, byte[] target, int offset) throws IOException {
        int got = in.read(target, offset, (int) permit.amount());
        permit.commit(Math.max(got, 0));
        return got;
    }

    @Override
    public final boolean markSupported() {
        return false;
    }
}
