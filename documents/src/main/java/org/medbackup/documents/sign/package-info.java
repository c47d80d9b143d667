/** Signatures of documents, as they lie beside them. */
@NullMarked
package org.medbackup.documents.sign;

import org.jspecify.annotations.NullMarked;
