/** Benchmarks that anybody can run. */
@NullMarked
package org.medbackup.bench;

import org.jspecify.annotations.NullMarked;
