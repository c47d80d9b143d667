package org.medbackup.testreport;

/** Says that a text is not the JSON that was expected, and where. */
public final class JsonException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    JsonException(String message) {
        super(message);
    }
}
