/** What content looks like, by its first bytes. */
@NullMarked
package org.medbackup.policy.internal.classify;

import org.jspecify.annotations.NullMarked;
