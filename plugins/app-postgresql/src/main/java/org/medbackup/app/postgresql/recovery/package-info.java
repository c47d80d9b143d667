/** Brings up a restored cluster beside the production one, and proves it. */
@NullMarked
package org.medbackup.app.postgresql.recovery;

import org.jspecify.annotations.NullMarked;
