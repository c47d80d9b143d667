/** One catalogue of everything that can go wrong, each with what to do about it. */
@NullMarked
package org.medbackup.core.error;

import org.jspecify.annotations.NullMarked;
