/** JSON as values, as text, and in the canonical form of RFC 8785. */
@NullMarked
package org.medbackup.documents;

import org.jspecify.annotations.NullMarked;
