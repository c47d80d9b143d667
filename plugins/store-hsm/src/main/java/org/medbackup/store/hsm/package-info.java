/** Objects as files of a file system that moves them to tape and back. */
@NullMarked
package org.medbackup.store.hsm;

import org.jspecify.annotations.NullMarked;
