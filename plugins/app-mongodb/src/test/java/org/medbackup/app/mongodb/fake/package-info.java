/**
 * A MongoDB that is none: the wire protocol and the rules of a member and a router as the manual tells them, so that the
 * real driver talks to it. It proves what the adapter does, not what a real server does.
 */
@NullMarked
package org.medbackup.app.mongodb.fake;

import org.jspecify.annotations.NullMarked;
