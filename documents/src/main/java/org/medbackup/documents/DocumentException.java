package org.medbackup.documents;

/** A document that is not what it should be, with the place that shows it. */
public final class DocumentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Position position;

    DocumentException(Position position, String message) {
        super(message);
        this.position = position;
    }

    /** Where. */
    public Position position() {
        return position;
    }
}
