package org.medbackup.engine.internal.crypto;

import java.util.concurrent.atomic.AtomicBoolean;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;

/**
 * Gets the JDK's AES-GCM compiled before much data comes. Uncompiled it runs at a fiftieth of its speed, and many small
 * calls, not many bytes, make the compiler take it up: 20,000 messages of 1 KiB cost about 0.1 s of processor time, once
 * a process, on a thread of its own ({@code docs/performance.md}).
 */
public final class AesWarmUp {

    private static final AtomicBoolean STARTED = new AtomicBoolean();
    private static final int CALLS = 20_000;

    private AesWarmUp() {}

    /** Begins, unless it has begun before. */
    public static void start() {
        if (STARTED.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("aes-warm-up").start(AesWarmUp::run);
        }
    }

    private static void run() {
        var cipher = new SegmentCipher(new byte[Crypto.KEY]);
        var plain = new byte[1024];
        var sealed = new byte[1024 + SegmentCipher.TAG];
        var context = new byte[16];
        try {
            for (int i = 0; i < CALLS; i++) {
                int length = cipher.seal(i, context, plain, 0, plain.length, sealed, 0);
                cipher.open(i, context, sealed, 0, length, plain, 0);
            }
        } catch (UnauthenticException impossible) {
            throw new IllegalStateException("the JDK's cryptography failed", impossible);
        }
    }
}
