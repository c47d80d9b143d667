package org.medbackup.telemetry;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The trace of an operation, which follows from its id, so that whoever knows the one knows the other. */
public final class TraceIds {

    private static final int BYTES = 16;

    private TraceIds() {}

    /** 32 hexadecimal digits (W3C Trace Context, section 3.2.2.3): a part of the SHA-256 of the operation's id. */
    public static String of(String operation) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(operation.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
