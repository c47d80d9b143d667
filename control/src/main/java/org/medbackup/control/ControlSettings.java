package org.medbackup.control;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * How the control API is served.
 *
 * @param address where it listens; port 0 for any that is free
 * @param tls for certificates at both ends; without it only metrics and health are shown, to this machine
 * @param roles who may do what
 * @param longestStream after which a stream of events ends and its reader comes back; at most 50 s
 */
public record ControlSettings(
        InetSocketAddress address, @Nullable TlsFiles tls, RoleMap roles, Duration longestStream) {

    private static final Duration LONGEST = Duration.ofSeconds(50);

    /**
     * Checks them.
     *
     * @throws BackupException with {@code CONTROL_INVALID} where it would be reached from elsewhere without TLS
     */
    public ControlSettings {
        InetAddress where = address.getAddress();
        if (where == null) {
            throw ErrorCode.CONTROL_INVALID.because("the address to listen on is not known");
        }
        if (tls == null && !where.isLoopbackAddress()) {
            throw ErrorCode.CONTROL_INVALID.because("away from loopback it needs certificates at both ends");
        }
        if (longestStream.isNegative() || longestStream.compareTo(LONGEST) > 0) {
            throw ErrorCode.CONTROL_INVALID.because("a stream of events lasts 50 s at most");
        }
    }

    /** On loopback, with certificates at both ends. */
    public static ControlSettings onLoopback(int port, TlsFiles tls, RoleMap roles) {
        return new ControlSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), tls, roles, Duration.ofSeconds(45));
    }
}
