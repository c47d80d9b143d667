package org.medbackup.app.postgresql.recovery;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.medbackup.core.error.ErrorCode;

/** Digests for names and evidence. */
public final class Sha256 {

    private Sha256() {}

    /** 64 hexadecimal digits. */
    public static String of(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw ErrorCode.INTERNAL.because("every JDK has SHA-256", impossible);
        }
    }
}
