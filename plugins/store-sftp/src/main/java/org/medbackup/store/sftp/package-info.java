/** Objects as files on another machine. */
@NullMarked
package org.medbackup.store.sftp;

import org.jspecify.annotations.NullMarked;
