/** What keeps restore points beside the rules of a job: legal holds, and the terms of retention classes. */
@NullMarked
package org.medbackup.engine.internal.retain;

import org.jspecify.annotations.NullMarked;
