/** Time-stamps of services that speak RFC 3161, by Bouncy Castle. */
@NullMarked
package org.medbackup.stamp.rfc3161;

import org.jspecify.annotations.NullMarked;
