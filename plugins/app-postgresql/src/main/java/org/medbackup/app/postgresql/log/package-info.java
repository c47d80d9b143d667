/** The write-ahead log: how it comes into an archive, what is missing there, and which of it a recovery needs. */
@NullMarked
package org.medbackup.app.postgresql.log;

import org.jspecify.annotations.NullMarked;
