/** Adapter of services that are quiesced and resumed over HTTP. */
@NullMarked
package org.medbackup.app.http;

import org.jspecify.annotations.NullMarked;
