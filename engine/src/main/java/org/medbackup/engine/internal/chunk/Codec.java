package org.medbackup.engine.internal.chunk;

import org.medbackup.engine.internal.codec.MalformedException;

/** How a chunk is compressed before it is sealed. */
public enum Codec {
    RAW(0),
    ZSTD(1);

    private final int code;

    Codec(int code) {
        this.code = code;
    }

    /** The number that stands for it in the format. */
    public int code() {
        return code;
    }

    /**
     * The codec of a number.
     *
     * @throws MalformedException where there is none
     */
    public static Codec of(int code) {
        return switch (code) {
            case 0 -> RAW;
            case 1 -> ZSTD;
            default -> throw new MalformedException("the compression of a chunk is not known");
        };
    }
}
