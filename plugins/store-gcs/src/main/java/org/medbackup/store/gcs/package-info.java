/** The adapter to Google Cloud Storage. */
@NullMarked
package org.medbackup.store.gcs;

import org.jspecify.annotations.NullMarked;
