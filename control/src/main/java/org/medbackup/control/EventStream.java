package org.medbackup.control;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.Json;

/**
 * The events of a run as they come (server-sent events, HTML Living Standard, section 9.2). A stream ends after a while, and
 * its reader comes back with the number of the last event that it has: so nobody holds a place for ever.
 */
final class EventStream {

    private static final int MOST = 32;
    private static final Duration BEAT = Duration.ofSeconds(10);

    private final BackupControl control;
    private final TimeSource time;
    private final Duration longest;
    private final Semaphore places = new Semaphore(MOST);

    EventStream(BackupControl control, TimeSource time, Duration longest) {
        this.control = control;
        this.time = time;
        this.longest = longest;
    }

    /** Writes until the run, the time or the connection ends. */
    void write(HttpExchange exchange, Reply.Stream stream) throws IOException {
        if (!places.tryAcquire()) {
            throw ErrorCode.CONTROL_BUSY.because("too many streams of events are open");
        }
        try {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            exchange.sendResponseHeaders(200, 0);
            follow(exchange.getResponseBody(), stream);
        } finally {
            places.release();
        }
    }

    private void follow(OutputStream out, Reply.Stream stream) throws IOException {
        Deadline deadline = Deadline.after(time, longest);
        say(out, "retry: 1000\n\n");
        long from = stream.from();
        while (true) {
            Duration left = deadline.remaining();
            ProgressBatch batch = control.events(stream.run(), from, left.compareTo(BEAT) < 0 ? left : BEAT);
            for (RunProgress each : batch.events()) {
                say(out, "id: " + each.seq() + "\ndata: " + Json.write(Views.progress(stream.run(), each)) + "\n\n");
                from = each.seq() + 1;
            }
            if (batch.over()) {
                say(out, "event: end\ndata: {}\n\n");
                return;
            }
            if (deadline.hasPassed()) {
                return;
            }
            if (batch.events().isEmpty()) {
                say(out, ":\n\n");
            }
        }
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
