/** Conditions in the Common Expression Language, behind a door of four types. */
@NullMarked
package org.medbackup.expressions;

import org.jspecify.annotations.NullMarked;
