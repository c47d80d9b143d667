/** Notifications over HTTP. */
@NullMarked
package org.medbackup.notify.http;

import org.jspecify.annotations.NullMarked;
