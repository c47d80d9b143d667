package org.medbackup.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.medbackup.core.HostSeal;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;

/**
 * The newest time that this host's clock has shown when something was given up, in a sealed file of the state folder: a clock that
 * was set back since, or years ahead, gives nothing up.
 */
final class ClockWitness {

    static final String FILE = "clock";
    static final String PURPOSE = "medbackup clock v1";

    private static final Duration TOLERANCE = Duration.ofMinutes(10);
    private static final Duration BELIEVED = Duration.ofDays(366);

    private final Path file;
    private final HostSeal seal;
    private final TimeSource time;

    /**
     * In a state folder.
     *
     * @param seal for {@link #PURPOSE}
     */
    ClockWitness(Path state, HostSeal seal, TimeSource time) {
        this.file = state.resolve(FILE);
        this.seal = seal;
        this.time = time;
    }

    /**
     * Looks at the clock, and keeps what it shows.
     *
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#CLOCK_NOT_BELIEVED}
     */
    synchronized void require() {
        Instant now = time.now();
        Optional<Instant> seen = seen();
        if (seen.isPresent() && now.isBefore(seen.get().minus(TOLERANCE))) {
            throw ErrorCode.CLOCK_NOT_BELIEVED.because("it was set back: it has shown " + seen.get() + " before");
        }
        if (seen.isPresent() && now.isAfter(seen.get().plus(BELIEVED))) {
            throw ErrorCode.CLOCK_NOT_BELIEVED.because(
                    "it is more than " + BELIEVED.toDays() + " days ahead of " + seen.get() + ", which it showed last");
        }
        if (seen.isEmpty() || now.isAfter(seen.get())) {
            keep(now);
        }
    }

    private Optional<Instant> seen() {
        try {
            return Optional.of(
                    Instant.parse(new String(seal.open(FILE, Files.readAllBytes(file)), StandardCharsets.UTF_8)));
        } catch (IOException | GeneralSecurityException | DateTimeException none) {
            // Who can take it away can set the clock as well.
            return Optional.empty();
        }
    }

    private void keep(Instant now) {
        try {
            Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), ".clock-", "");
            Files.write(draft, seal.seal(FILE, now.toString().getBytes(StandardCharsets.UTF_8)));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw ErrorCode.STATE_UNUSABLE
                    .because("the time cannot be kept", failed)
                    .with("state", file);
        }
    }
}
