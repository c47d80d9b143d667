/** Pages for people: one model, written as HTML and as PDF. */
@NullMarked
package org.medbackup.documents.page;

import org.jspecify.annotations.NullMarked;
