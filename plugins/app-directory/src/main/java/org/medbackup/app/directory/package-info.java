/** Adapter of services that are known by their folders. */
@NullMarked
package org.medbackup.app.directory;

import org.jspecify.annotations.NullMarked;
