package org.medbackup.engine;

import java.util.Arrays;
import java.util.Optional;

/** What the holder of a key may do. A role has the keys of what it may do and no others. */
public enum KeyRole {
    /** All keys of all roles, and the administrator's: whoever has the password. */
    OWNER(1, "does everything"),

    /** Seals for the readers. What it has written it cannot read again. */
    WRITER(2, "backs up, and reads nothing"),

    /** Has the index and the references, and neither data nor names. */
    MAINTAINER(3, "verifies, collects garbage and copies, and reads neither names nor data"),

    /** Opens data and names. */
    READER(4, "lists, restores and verifies, and backs up nothing");

    /** What a role may or may not. */
    public enum Right {
        /** Make restore points, and sign them. */
        BACK_UP,
        /** Open names and data. */
        READ,
        /** Verify, and sign the result. */
        PROVE,
        /** Delete what nothing needs, and copy it to another target. */
        COLLECT,
        /** Give and take keys. */
        ADMINISTER
    }

    private final int code;
    private final String ability;

    KeyRole(int code, String ability) {
        this.code = code;
        this.ability = ability;
    }

    /** The role of a number, empty where there is none. */
    public static Optional<KeyRole> of(int code) {
        return Arrays.stream(values()).filter(role -> role.code == code).findFirst();
    }

    /** The number that stands for it in the format. */
    public int code() {
        return code;
    }

    /** What it can do, as part of a sentence. */
    public String ability() {
        return ability;
    }

    /** Whether it may. */
    public boolean may(Right right) {
        return switch (this) {
            case OWNER -> true;
            case WRITER -> right == Right.BACK_UP;
            case MAINTAINER -> right == Right.PROVE || right == Right.COLLECT;
            case READER -> right == Right.PROVE || right == Right.READ;
        };
    }
}
