/** Sees from outside what is used, and holds it against the limits. */
@NullMarked
package org.medbackup.governor.observe;

import org.jspecify.annotations.NullMarked;
