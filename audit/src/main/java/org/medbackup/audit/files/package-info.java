/** The files of a trail: their names and framing, and how they are locked and made durable. */
@NullMarked
package org.medbackup.audit.files;

import org.jspecify.annotations.NullMarked;
