/** Limiters of others, beside which the governor is measured. No part of the product. */
@NullMarked
package org.medbackup.peers;

import org.jspecify.annotations.NullMarked;
