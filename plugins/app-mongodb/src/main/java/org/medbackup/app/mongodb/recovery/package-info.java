/** Starts a restored data directory of MongoDB. */
@NullMarked
package org.medbackup.app.mongodb.recovery;

import org.jspecify.annotations.NullMarked;
