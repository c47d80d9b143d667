/** Signed notes and checkpoints as C2SP specifies them (c2sp.org/signed-note, c2sp.org/tlog-checkpoint). */
@NullMarked
package org.medbackup.audit.note;

import org.jspecify.annotations.NullMarked;
