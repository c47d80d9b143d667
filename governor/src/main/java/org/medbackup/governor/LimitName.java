package org.medbackup.governor;

import org.medbackup.core.error.ErrorCode;

/**
 * What a limit is on: of the whole host, or of one of its disks.
 *
 * @param kind what
 * @param device a disk's name below /dev, such as {@code sda}, or empty for all of the host
 */
public record LimitName(LimitKind kind, String device) implements Comparable<LimitName> {

    /** Of the whole host. */
    public LimitName(LimitKind kind) {
        this(kind, "");
    }

    /**
     * Reads a name such as {@code network.egress}, {@code disk.read} or {@code disk.read./dev/sda}.
     *
     * @throws org.medbackup.core.error.UsageException where it is none
     */
    public static LimitName of(String text) {
        for (LimitKind kind : LimitKind.values()) {
            if (text.equals(kind.text())) {
                return new LimitName(kind);
            }
            String before = kind.text() + "./dev/";
            if (kind.isOfDevices() && text.startsWith(before) && text.matches(".*/dev/[A-Za-z0-9_-]+")) {
                return new LimitName(kind, text.substring(before.length()));
            }
        }
        throw ErrorCode.INVALID_LIMIT.because("there is no resource " + text);
    }

    /** As it is read. */
    public String text() {
        return device.isEmpty() ? kind.text() : kind.text() + "./dev/" + device;
    }

    @Override
    public int compareTo(LimitName other) {
        return text().compareTo(other.text());
    }
}
