/** Objects in a bucket. */
@NullMarked
package org.medbackup.store.s3;

import org.jspecify.annotations.NullMarked;
