/** The port to applications: databases and other services that must be backed up in a consistent state. */
@NullMarked
package org.medbackup.core.spi.app;

import org.jspecify.annotations.NullMarked;
