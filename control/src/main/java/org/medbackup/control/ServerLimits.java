package org.medbackup.control;

import java.util.Map;

/**
 * Bounds of the JDK's server, which takes them as properties of the system, and once: before the first server of the JVM is
 * made. What is set already stays.
 */
final class ServerLimits {

    private static final Map<String, String> BOUNDS = Map.of(
            // Seconds in which a request has to be there, and an answer taken.
            "sun.net.httpserver.maxReqTime", "20",
            "sun.net.httpserver.maxRspTime", "60",
            "sun.net.httpserver.idleInterval", "30",
            "sun.net.httpserver.maxReqHeaders", "64",
            "sun.net.httpserver.maxReqHeaderSize", "16384",
            "sun.net.httpserver.maxIdleConnections", "64",
            "jdk.httpserver.maxConnections", "256",
            // An answer in two packets waits for the receiver's acknowledgement otherwise.
            "sun.net.httpserver.nodelay", "true");

    private ServerLimits() {}

    static void apply() {
        BOUNDS.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
    }
}
