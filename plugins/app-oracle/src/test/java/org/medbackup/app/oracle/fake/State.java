package org.medbackup.app.oracle.fake;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** All that a database knows; tests arrange it. */
public final class State {
    public String role = "PRIMARY";
    public boolean archivelog = true;
    public boolean forceLogging = true;
    public boolean granted = true;
    public boolean pluggable;
    public boolean serverFile = true;
    public boolean tracking = true;
    public String trackingFile = "/u01/nowhere/changes.chg";
    public String redoName = "redo0";
    public boolean asm;
    public int encrypted;
    public String wallet = "OPEN";
    public String edition = "Oracle Database 19c Enterprise Edition Release 19.0.0.0.0 - Production";
    public long areaFree = 1L << 40;
    public long brokenDestinations;
    public int corrupt;
    public int corruptInCopies;
    public String dbid = "1234567890";
    long resetlogs = 900;
    int incarnation = 2;
    boolean mounted;
    long scn = 1000;
    long transfers;
    final long[] values = new long[Bank.BLOCKS];
    final long[] scns = new long[Bank.BLOCKS];
    public final Set<Integer> readOnly = new HashSet<>();
    final TreeMap<Integer, Long> active = new TreeMap<>();
    final TreeMap<Integer, Long> checkpoints = new TreeMap<>(Map.of(1, 1000L, 2, 1000L));
    final TreeMap<Integer, Long> unrecoverable = new TreeMap<>();
    final Set<Integer> imaged = new HashSet<>();
    final Map<Integer, Redo> current = new TreeMap<>();
    final List<Archived> archived = new ArrayList<>();

    /** One archived log. */
    record Archived(Redo log, Path file, boolean deleted) {}
}
