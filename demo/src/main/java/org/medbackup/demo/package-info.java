/** The demo job. */
@NullMarked
package org.medbackup.demo;

import org.jspecify.annotations.NullMarked;
