/** What stores over a network share. */
@NullMarked
package org.medbackup.store.common;

import org.jspecify.annotations.NullMarked;
