package org.medbackup.app.postgresql;

import org.medbackup.core.error.ErrorCode;

/** Which server of a cluster is backed up. */
public enum Role {

    /** Whatever it is. */
    ANY("server"),

    /** Only the one that writes. */
    PRIMARY("primary"),

    /** Only one that follows. */
    STANDBY("standby"),

    /** One that follows where there is one that is not too far behind, else the one that writes. */
    PREFER_STANDBY("standby");

    private final String word;

    Role(String word) {
        this.word = word;
    }

    /** As the option writes it. */
    public static Role of(String option) {
        return switch (option) {
            case "any" -> ANY;
            case "primary" -> PRIMARY;
            case "standby" -> STANDBY;
            case "prefer-standby" -> PREFER_STANDBY;
            default -> throw ErrorCode.USAGE.because("the option role is any, primary, standby or prefer-standby");
        };
    }

    boolean allows(boolean standby) {
        return switch (this) {
            case ANY, PREFER_STANDBY -> true;
            case PRIMARY -> !standby;
            case STANDBY -> standby;
        };
    }

    public String word() {
        return word;
    }
}
