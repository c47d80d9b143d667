/** What TLS needs, from PEM files. */
@NullMarked
package org.medbackup.core.tls;

import org.jspecify.annotations.NullMarked;
