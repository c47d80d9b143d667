/** What tests need to prove a component or an adapter alone. */
@NullMarked
package org.medbackup.testkit;

import org.jspecify.annotations.NullMarked;
