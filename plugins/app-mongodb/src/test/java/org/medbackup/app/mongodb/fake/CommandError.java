package org.medbackup.app.mongodb.fake;

/** A failure with its number, as a server answers it. */
public final class CommandError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int number;

    CommandError(int number, String message) {
        super(message);
        this.number = number;
    }

    int number() {
        return number;
    }
}
