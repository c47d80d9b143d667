package org.medbackup.core.calendar;

/** What holidays are to a window. */
public enum HolidayRule {
    /** It opens on its days, holidays or not. */
    INCLUDE,
    /** It opens on its days, but not on holidays. */
    EXCLUDE,
    /** It opens on those of its days that are holidays. */
    ONLY
}
