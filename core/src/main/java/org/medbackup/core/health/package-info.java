/** How the program itself is doing, as data: who watches it fills it in, who serves it shows it. */
@NullMarked
package org.medbackup.core.health;

import org.jspecify.annotations.NullMarked;
