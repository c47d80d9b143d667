/** The reading path below restores, listings and verification: from an id to bytes. */
@NullMarked
package org.medbackup.engine.internal.read;

import org.jspecify.annotations.NullMarked;
