/** Classes of placement: what shares packs, and where these go. */
@NullMarked
package org.medbackup.engine.internal.place;

import org.jspecify.annotations.NullMarked;
