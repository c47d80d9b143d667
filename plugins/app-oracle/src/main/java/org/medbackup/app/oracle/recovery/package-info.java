/** Brings up restored databases of Oracle in a sandbox instance. */
@NullMarked
package org.medbackup.app.oracle.recovery;

import org.jspecify.annotations.NullMarked;
