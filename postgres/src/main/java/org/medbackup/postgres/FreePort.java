package org.medbackup.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.medbackup.core.error.ErrorCode;

/** A loopback port that nobody uses just now; somebody may take it before we do. */
final class FreePort {

    private FreePort() {}

    static int find() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw ErrorCode.SYSTEM_CALL_FAILED.because("no free port was found", none);
        }
    }
}
