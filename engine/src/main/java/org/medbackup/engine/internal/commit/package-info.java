/** How a restore point comes to be: tickets, manifests, commit slots. */
@NullMarked
package org.medbackup.engine.internal.commit;

import org.jspecify.annotations.NullMarked;
