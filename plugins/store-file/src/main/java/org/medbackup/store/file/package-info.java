/** Objects as files in a folder. */
@NullMarked
package org.medbackup.store.file;

import org.jspecify.annotations.NullMarked;
