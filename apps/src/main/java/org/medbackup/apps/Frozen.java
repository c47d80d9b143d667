package org.medbackup.apps;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.app.Connection;

/**
 * An application that is frozen, or may be: all that somebody else needs to thaw it.
 *
 * @param application its address, without secrets
 * @param run the backup that freezes it
 * @param connection how it is reached
 * @param thaw hook that has to run at its thaw, or null
 * @param limit how long it may stay frozen
 * @param origin who froze it and when
 */
public record Frozen(
        String application,
        String run,
        Connection connection,
        @Nullable Hook thaw,
        Duration limit,
        Origin origin) {

    /** How much longer than its limit a freeze may take until nobody trusts its owner any more. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final Pattern SECRET_PARAMETER = Pattern.compile("(?i).*(pass|secret|token|key).*");

    /** The same without anything secret in its connection. */
    public Frozen withoutSecrets() {
        var plain = new Connection(withoutSecrets(connection.address()), connection.options(), java.util.Map.of());
        return with(plain);
    }

    /** The same, reached in another way. */
    public Frozen with(Connection other) {
        return new Frozen(application, run, other, thaw, limit, origin);
    }

    private static URI withoutSecrets(URI address) {
        String user = address.getRawUserInfo();
        String query = address.getRawQuery();
        if (user == null && query == null) {
            return address;
        }
        var plain = new StringBuilder(address.getScheme()).append("://");
        if (user != null) {
            plain.append(user.split(":", 2)[0]).append('@');
        }
        String authority = address.getRawAuthority() == null ? "" : address.getRawAuthority();
        plain.append(authority.substring(authority.lastIndexOf('@') + 1)).append(address.getRawPath());
        if (query != null) {
            List<String> kept = Arrays.stream(query.split("&"))
                    .filter(each ->
                            !SECRET_PARAMETER.matcher(each.split("=", 2)[0]).matches())
                    .toList();
            plain.append(kept.isEmpty() ? "" : kept.stream().collect(Collectors.joining("&", "?", "")));
        }
        try {
            return new URI(plain.toString());
        } catch (URISyntaxException malformed) {
            throw new IllegalArgumentException("what is left of an address is one", malformed);
        }
    }

    /**
     * Whether its owner is there and its time is not over, so that nobody else should thaw it.
     *
     * @param now this machine as it is now
     */
    public boolean isHeld(Origin now) {
        if (!now.boot().equals(origin.boot())) {
            return false;
        }
        Duration age = Duration.ofNanos(now.nanos() - origin.nanos());
        return !age.isNegative() && age.compareTo(limit.plus(GRACE)) < 0 && origin.isAlive();
    }

    /** Without the connection. */
    @Override
    public String toString() {
        return "Frozen[" + application + " by " + run + "]";
    }

    /**
     * A process at a point of time.
     *
     * @param boot id of the machine's boot
     * @param pid process id
     * @param started when the process was started, in milliseconds of the wall clock, or 0 where that is not known
     * @param nanos reading of the monotonic clock, which all processes of one boot share
     */
    public record Origin(String boot, long pid, long started, long nanos) {

        private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

        /** This process, now. */
        public static Origin here(TimeSource time) {
            ProcessHandle self = ProcessHandle.current();
            return new Origin(bootId(BOOT), self.pid(), started(self), time.nanos());
        }

        static String bootId(Path file) {
            try {
                return Files.readString(file).strip();
            } catch (IOException unknown) {
                // Every entry then looks like one of another boot, and is thawed.
                return "unknown " + ProcessHandle.current().pid();
            }
        }

        private static long started(ProcessHandle process) {
            return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        }

        boolean isAlive() {
            return ProcessHandle.of(pid)
                    .map(process -> process.isAlive() && started(process) == started)
                    .orElse(false);
        }
    }
}
