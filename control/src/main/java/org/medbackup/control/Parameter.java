package org.medbackup.control;

import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.JsonSchema;
import org.medbackup.documents.JsonValue;

/**
 * A parameter of an operation.
 *
 * @param place {@code path}, {@code query} or {@code header}
 * @param whole whether it is an integer
 */
record Parameter(String name, String place, boolean required, boolean whole, JsonSchema schema) {

    /** Whether a text is a value of it. */
    boolean takes(String text) {
        JsonValue value = new JsonValue.Text(text);
        if (whole) {
            if (!text.matches("-?[0-9]{1,18}")) {
                return false;
            }
            value = new JsonValue.Whole(Long.parseLong(text));
        }
        return schema.check(value).isEmpty();
    }

    /** Fails where a text is no value of it. */
    void require(String text) {
        if (!takes(text)) {
            throw ErrorCode.CONTROL_REQUEST_INVALID.because("the parameter " + name + " has no value that it may have");
        }
    }
}
