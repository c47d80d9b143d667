/** What is done where a backup fails: what the failure is, what mends it, and when a person is needed. */
@NullMarked
package org.medbackup.resilience;

import org.jspecify.annotations.NullMarked;
