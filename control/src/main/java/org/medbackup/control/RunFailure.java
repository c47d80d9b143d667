package org.medbackup.control;

import org.medbackup.core.error.ErrorCode;

/**
 * A failure that a run met.
 *
 * @param code of it; its remedy says what to do
 * @param message of the failure, which holds no path
 */
public record RunFailure(ErrorCode code, String message) {}
