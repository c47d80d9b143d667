/** The port to storage: create-only objects with opaque names. */
@NullMarked
package org.medbackup.core.spi.store;

import org.jspecify.annotations.NullMarked;
