package org.medbackup.testreport.gate;

/** Says that a gate was called wrongly, and how it is called. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UsageException(String problem, String usage) {
        super(problem + "; usage: " + usage);
    }
}
