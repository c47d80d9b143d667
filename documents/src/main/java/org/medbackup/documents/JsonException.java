package org.medbackup.documents;

/** A text is no JSON, or not the JSON that was expected. The message holds a position, never the content. */
public final class JsonException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    JsonException(String message) {
        super(message);
    }
}
