/** What operations say about what they find and how far they are. */
@NullMarked
package org.medbackup.engine.internal.log;

import org.jspecify.annotations.NullMarked;
