/** What a file is, how sensitive it is, and where it belongs. */
@NullMarked
package org.medbackup.policy;

import org.jspecify.annotations.NullMarked;
