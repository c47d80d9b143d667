package org.medbackup.governor.internal;

import java.util.List;

/** Fields of /proc/PID/stat (proc(5)) after the name of the process, which may hold anything. */
public final class StatFields {

    private StatFields() {}

    /** All fields from the state on, in their order. */
    public static List<String> of(String stat) {
        return List.of(stat.substring(stat.lastIndexOf(')') + 1).strip().split(" "));
    }
}
