/** The engine's door: repositories, restore points, backups, restores, verification. */
@NullMarked
package org.medbackup.engine;

import org.jspecify.annotations.NullMarked;
