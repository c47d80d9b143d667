/** What the bytes of a file look like: its kind by its first bytes, and whether they look random. */
@NullMarked
package org.medbackup.core.content;

import org.jspecify.annotations.NullMarked;
