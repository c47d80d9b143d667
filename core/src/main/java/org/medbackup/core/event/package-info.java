/** What happens is said once, as an event; audit, metrics and progress each listen. */
@NullMarked
package org.medbackup.core.event;

import org.jspecify.annotations.NullMarked;
