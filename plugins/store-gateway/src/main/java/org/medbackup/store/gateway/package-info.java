/** A store that another account of this machine keeps, behind a door that only takes. */
@NullMarked
package org.medbackup.store.gateway;

import org.jspecify.annotations.NullMarked;
