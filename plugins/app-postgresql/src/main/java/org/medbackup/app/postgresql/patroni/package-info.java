/** Finds the member of a Patroni cluster that is to be spoken with. */
@NullMarked
package org.medbackup.app.postgresql.patroni;

import org.jspecify.annotations.NullMarked;
