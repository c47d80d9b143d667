/** Suite 1 of the format's cryptography, all of it from the JDK's providers. */
@NullMarked
package org.medbackup.engine.internal.crypto;

import org.jspecify.annotations.NullMarked;
