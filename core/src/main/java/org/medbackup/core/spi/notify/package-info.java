/** How people are told what needs them: the port of channels such as mail, and of what they carry. */
@NullMarked
package org.medbackup.core.spi.notify;

import org.jspecify.annotations.NullMarked;
