package org.medbackup.expressions;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;

/** What a variable of a condition holds. */
public enum ValueType {
    /** {@link String}. */
    TEXT(SimpleType.STRING),
    /** {@link Long}. */
    WHOLE(SimpleType.INT),
    /** {@link Double}. */
    NUMBER(SimpleType.DOUBLE),
    /** {@link Boolean}. */
    TRUTH(SimpleType.BOOL),
    /** {@link java.time.Instant}. */
    TIME(SimpleType.TIMESTAMP),
    /** {@link java.time.Duration}. */
    SPAN(SimpleType.DURATION),
    /** {@link java.util.List} of {@link String}. */
    TEXTS(ListType.create(SimpleType.STRING));

    @SuppressWarnings("ImmutableEnumChecker") // The library's types are immutable values.
    private final CelType type;

    ValueType(CelType type) {
        this.type = type;
    }

    CelType type() {
        return type;
    }
}
