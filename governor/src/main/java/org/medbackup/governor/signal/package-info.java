/** The signals that come with the governor: of this machine, of a network service, of a database. */
@NullMarked
package org.medbackup.governor.signal;

import org.jspecify.annotations.NullMarked;
