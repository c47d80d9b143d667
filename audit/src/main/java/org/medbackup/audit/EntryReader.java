package org.medbackup.audit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.medbackup.audit.files.Bundle;
import org.medbackup.audit.files.Disk;
import org.medbackup.audit.files.Frame;
import org.medbackup.audit.files.Layout;
import org.medbackup.core.error.ErrorCode;

/** Reads entries in their order, a bundle at a time. */
record EntryReader(Layout layout, long size) {

    /** Those from a number on; damage is told when it is met. */
    Stream<AuditEntry> from(long first) {
        if (first >= size) {
            return Stream.empty();
        }
        return LongStream.rangeClosed(first / Layout.BUNDLE, (size - 1) / Layout.BUNDLE)
                .boxed()
                .flatMap(number -> bundle(number).stream())
                .filter(entry -> entry.index() >= first);
    }

    private List<AuditEntry> bundle(long number) {
        long at = number * Layout.BUNDLE;
        long end = Math.min(size, at + Layout.BUNDLE);
        var entries = new ArrayList<AuditEntry>();
        for (Frame frame : frames(number)) {
            if (at == end) {
                break;
            }
            AuditEntry entry = AuditEntry.parse(frame.record());
            if (entry == null || entry.index() != at) {
                break;
            }
            entries.add(entry);
            at++;
        }
        if (at < end) {
            throw ErrorCode.AUDIT_DAMAGED.because("entry " + at + " cannot be read");
        }
        return entries;
    }

    private List<Frame> frames(long number) {
        try {
            return Bundle.read(layout.bundle(number)).leading();
        } catch (IOException failed) {
            throw Disk.translate(failed);
        }
    }
}
