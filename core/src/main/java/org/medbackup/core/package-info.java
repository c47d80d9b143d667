/** Words that every part of MedBackup shares: time, randomness, secrets, sizes and names. */
@NullMarked
package org.medbackup.core;

import org.jspecify.annotations.NullMarked;
