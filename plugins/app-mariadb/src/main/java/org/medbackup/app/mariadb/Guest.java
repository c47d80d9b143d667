package org.medbackup.app.mariadb;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.ErrorCode;

/**
 * The account through which checks reach a restored server: its own accounts have production's passwords, which nobody here
 * knows, and letting everybody in would open patients' data to the whole machine.
 */
record Guest(String name, String password) {

    static Guest random(Entropy entropy) {
        HexFormat hex = HexFormat.of();
        return new Guest("medbackup_check_" + hex.formatHex(entropy.bytes(6)), hex.formatHex(entropy.bytes(24)));
    }

    /** Statements for the server's start. Only what the password is checked against stands in them. */
    String admission() {
        String account = "'" + name + "'@'127.0.0.1'";
        return "CREATE USER " + account + " IDENTIFIED BY PASSWORD '" + verifier() + "';\n"
                + "GRANT ALL PRIVILEGES ON *.* TO " + account + ";\n";
    }

    String dismissal() {
        return "DROP USER '" + name + "'@'127.0.0.1'";
    }

    /** MariaDB manual, "Authentication Plugin - mysql_native_password". */
    private String verifier() {
        try {
            var sha1 = MessageDigest.getInstance("SHA-1");
            byte[] twice = sha1.digest(sha1.digest(password.getBytes(StandardCharsets.US_ASCII)));
            return "*" + HexFormat.of().formatHex(twice).toUpperCase(Locale.ROOT);
        } catch (NoSuchAlgorithmException impossible) {
            throw ErrorCode.INTERNAL.because("the JDK lacks SHA-1", impossible);
        }
    }

    @Override
    public String toString() {
        return "Guest[" + name + "]";
    }
}
