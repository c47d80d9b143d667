package org.medbackup.governor;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.governor.internal.Door;
import org.medbackup.governor.internal.Ledger;

/**
 * Limits by what they are on.
 *
 * @param values bytes or operations a second, operations at once, nanoseconds of processor time a second, bytes of memory;
 *     0 is a pause, {@link #NONE} takes a limit away
 */
public record Limits(SortedMap<LimitName, Long> values) {

    /** No limit. */
    public static final long NONE = Ledger.UNLIMITED;

    private static final Limits EMPTY = new Limits(Collections.emptySortedMap());

    /** Slices of less would not fit. */
    private static final long LEAST_RATE = 64_000;

    private static final long LEAST_CPU = 20_000_000;
    private static final long BILLION = 1_000_000_000;
    private static final long MEBIBYTE = 1 << 20;
    private static final List<String> BINARY_UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");

    private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([kKMGT]i?)?B?(/s)?");
    private static final Pattern NUMBER = Pattern.compile("\\d+(?:\\.\\d+)?");

    public Limits {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /** None at all. */
    public static Limits none() {
        return EMPTY;
    }

    /**
     * Reads {@code RESOURCE=LIMIT}, such as {@code disk.read=40MB/s}, {@code network.egress=20MiB/s}, {@code cpu=0.5},
     * {@code disk.read.iops=800}, {@code disk.read.concurrency=2}, {@code memory=300MiB}; {@code none} takes a limit away, {@code pause} stops.
     *
     * @throws org.medbackup.core.error.UsageException where one cannot be read
     */
    public static Limits parse(Collection<String> texts) {
        var values = new TreeMap<LimitName, Long>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            if (equals < 0) {
                throw ErrorCode.INVALID_LIMIT.because(text + " is not of the form RESOURCE=LIMIT");
            }
            LimitName name = LimitName.of(text.substring(0, equals).strip());
            if (values.put(name, value(name.kind(), text.substring(equals + 1).strip())) != null) {
                throw ErrorCode.INVALID_LIMIT.because(name.text() + " is limited twice");
            }
        }
        return new Limits(values);
    }

    private static long value(LimitKind kind, String text) {
        if (text.equals("none")) {
            return NONE;
        }
        if (text.equals("pause") && kind.unit() != LimitKind.Unit.SIZE) {
            return 0;
        }
        long value = switch (kind.unit()) {
            case RATE, SIZE -> bytes(kind, text);
            case COUNT -> number(kind, text, 1);
            case PROCESSORS -> number(kind, text, BILLION);
        };
        long least = switch (kind.unit()) {
            case RATE -> LEAST_RATE;
            case COUNT, SIZE -> 1;
            case PROCESSORS -> LEAST_CPU;
        };
        if (value < least) {
            throw wrong(kind, text, "less than " + written(kind, least) + " cannot be kept; pause stops it");
        }
        return value;
    }

    private static long bytes(LimitKind kind, String text) {
        Matcher size = SIZE.matcher(text);
        boolean rate = kind.unit() == LimitKind.Unit.RATE;
        if (!size.matches() || rate != (size.group(3) != null)) {
            throw wrong(
                    kind,
                    text,
                    rate ? "a rate is written like 40MB/s or 40MiB/s" : "a size is written like 300MB or 300MiB");
        }
        String unit = size.group(2) == null ? "" : size.group(2).toUpperCase(Locale.ROOT);
        double base = unit.endsWith("I") ? 1024 : 1000;
        int power = unit.isEmpty() ? 0 : "KMGT".indexOf(unit.charAt(0)) + 1;
        return (long) (Double.parseDouble(size.group(1)) * Math.pow(base, power));
    }

    private static long number(LimitKind kind, String text, long one) {
        if (!NUMBER.matcher(text).matches()) {
            throw wrong(kind, text, "a number is wanted, such as " + (one == 1 ? "800" : "0.5"));
        }
        return (long) (Double.parseDouble(text) * one);
    }

    private static BackupException wrong(LimitKind kind, String text, String why) {
        return ErrorCode.INVALID_LIMIT.because(kind.text() + "=" + text + ": " + why);
    }

    /** A value as it is read. */
    static String written(LimitKind kind, long value) {
        if (value == NONE) {
            return "none";
        }
        if (value == 0) {
            return "pause";
        }
        return switch (kind.unit()) {
            case RATE -> size(value) + "/s";
            case SIZE -> size(value);
            case COUNT -> Long.toString(value);
            case PROCESSORS -> Double.toString(value / (double) BILLION);
        };
    }

    private static String size(long bytes) {
        if (bytes % MEBIBYTE == 0 && bytes % 1_000_000 != 0) {
            int power = Long.numberOfTrailingZeros(bytes) / 10;
            int binary = Math.min(power, BINARY_UNITS.size() - 1);
            return (bytes >> (10 * binary)) + BINARY_UNITS.get(binary);
        }
        String[] units = {"B", "kB", "MB", "GB", "TB"};
        int unit = 0;
        double value = bytes;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        String text = String.format(Locale.ROOT, "%.3f", value).replaceFirst("\\.?0+$", "");
        // Only where it reads back as the same.
        boolean exact = Math.round(Double.parseDouble(text) * Math.pow(1000, unit)) == bytes;
        return exact ? text + units[unit] : bytes + "B";
    }

    /** The limit on something; empty where there is none. */
    public OptionalLong of(LimitName name) {
        Long value = values.get(name);
        return value == null || value == NONE ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** The limit on all of the host; empty where there is none. */
    public OptionalLong of(LimitKind kind) {
        return of(new LimitName(kind));
    }

    /** The limit on something, {@link #NONE} where there is none. */
    long amount(@Nullable LimitKind kind, String device) {
        return kind == null ? NONE : of(new LimitName(kind, device)).orElse(NONE);
    }

    /** All limits on a resource. */
    Door.Bounds bounds(LimitKind bytes, String device) {
        return new Door.Bounds(
                amount(bytes, device), amount(bytes.operations(), device), amount(bytes.concurrency(), device));
    }

    /** Disks that have a limit of their own on a resource. */
    Set<String> devices(LimitKind bytes) {
        var devices = new TreeSet<String>();
        for (LimitName name : values.keySet()) {
            LimitKind kind = name.kind();
            boolean same = kind == bytes || kind == bytes.operations() || kind == bytes.concurrency();
            if (same && !name.device().isEmpty()) {
                devices.add(name.device());
            }
        }
        return devices;
    }

    /** These, changed by what others say. */
    public Limits changedBy(Limits others) {
        var both = new TreeMap<LimitName, Long>(values);
        both.putAll(others.values);
        both.values().removeIf(value -> value == NONE);
        return new Limits(both);
    }

    /** The stricter of both for everything. */
    public Limits strictest(Limits others) {
        var both = new TreeMap<LimitName, Long>(values);
        others.values.forEach((name, value) -> both.merge(name, value, Math::min));
        return new Limits(both);
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** As they are read, one by one. */
    public List<String> texts() {
        return values.entrySet().stream().map(Limits::text).toList();
    }

    /** The same in one line. */
    @Override
    public String toString() {
        return String.join(" ", texts());
    }

    private static String text(Map.Entry<LimitName, Long> limit) {
        return limit.getKey().text() + "=" + written(limit.getKey().kind(), limit.getValue());
    }
}
