/** Objects in a container of Azure Blob Storage. */
@NullMarked
package org.medbackup.store.azure;

import org.jspecify.annotations.NullMarked;
