package org.medbackup.engine.internal.codec;

/** Bytes are not of the form that was expected. The message never quotes them. */
public final class MalformedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MalformedException(String message) {
        super(message);
    }
}
