package org.medbackup.governor.signal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.medbackup.governor.signal.Growth.Counters;

/**
 * What the kernel tells in text files. Fields that later kernels put at the end of a line are passed over. Every method
 * throws {@link IOException} where a file is not there or does not tell what is looked for.
 */
final class KernelFiles {

    private static final int LARGEST = 4 << 20;

    private static final double MICRO = 1e-6;
    private static final double NANO = 1e-9;
    private static final double MILLI = 1e-3;

    private KernelFiles() {}

    private static List<String> lines(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LARGEST), ISO_8859_1).lines().toList();
        }
    }

    private static String[] fields(String line) {
        return line.strip().split("\\s+");
    }

    private static double number(String[] fields, int at) throws IOException {
        if (at >= fields.length) {
            throw new IOException("a line is too short");
        }
        return number(fields[at]);
    }

    private static double number(String text) throws IOException {
        // Longer ones than 64 bits hold are nonsense.
        if (!text.matches("\\d{1,20}")) {
            throw new IOException("no number");
        }
        return Double.parseDouble(text);
    }

    /**
     * Pressure stall information (Documentation/accounting/psi.rst): seconds in which at least one task stood still, by the
     * seconds of a clock.
     */
    static Counters pressure(Path file, long nanos) throws IOException {
        for (String line : lines(file)) {
            String[] fields = fields(line);
            String total = fields[fields.length - 1];
            if (fields[0].equals("some") && total.startsWith("total=")) {
                return new Counters(number(total.substring("total=".length())) * MICRO, nanos * NANO);
            }
        }
        throw new IOException("no line of some");
    }

    /** Seconds that tasks waited to run, by how often one ran, of all processors (sched-stats.rst, version 15 and later). */
    static Counters runQueue(Path schedstat) throws IOException {
        double waited = 0;
        double runs = 0;
        boolean any = false;
        for (String line : lines(schedstat)) {
            String[] fields = fields(line);
            if (fields[0].matches("cpu\\d+")) {
                waited += number(fields, 8) * NANO;
                runs += number(fields, 9);
                any = true;
            }
        }
        if (!any) {
            throw new IOException("no processor");
        }
        return new Counters(waited, runs);
    }

    /** The same of the threads of one process: {@code /proc/PID/task}. */
    static Counters runQueueOf(Path tasks) throws IOException {
        double waited = 0;
        double runs = 0;
        boolean any = false;
        try (Stream<Path> threads = Files.list(tasks)) {
            for (Path thread : threads.toList()) {
                Path file = thread.resolve("schedstat");
                // One that ended meanwhile.
                if (Files.exists(file)) {
                    String[] fields = fields(String.join(" ", lines(file)));
                    waited += number(fields, 1) * NANO;
                    runs += number(fields, 2);
                    any = true;
                }
            }
        }
        if (!any) {
            throw new IOException("no thread");
        }
        return new Counters(waited, runs);
    }

    /** Seconds that reads and writes of a disk took, by their number (iostats.rst): what iostat calls await. */
    static Counters await(Path diskstats, String disk) throws IOException {
        for (String line : lines(diskstats)) {
            String[] fields = fields(line);
            if (fields.length > 2 && fields[2].equals(disk)) {
                return new Counters(
                        (number(fields, 6) + number(fields, 10)) * MILLI, number(fields, 3) + number(fields, 7));
            }
        }
        throw new IOException("no such disk");
    }

    /** Processor time that the hypervisor gave to others, by all processor time (proc_stat(5)). */
    static Counters steal(Path stat) throws IOException {
        List<String> lines = lines(stat);
        String[] fields = fields(lines.isEmpty() ? "" : lines.getFirst());
        if (!fields[0].equals("cpu")) {
            throw new IOException("no sum over the processors");
        }
        double all = 0;
        // What guests took, in fields 9 and 10, is in user and nice already.
        for (int field = 1; field <= 8; field++) {
            all += number(fields, field);
        }
        return new Counters(number(fields, 8), all);
    }
}
