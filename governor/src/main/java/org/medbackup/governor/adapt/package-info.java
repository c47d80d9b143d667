/** Adaptation to production: what is protected is measured while backups run, and they yield to it. */
@NullMarked
package org.medbackup.governor.adapt;

import org.jspecify.annotations.NullMarked;
