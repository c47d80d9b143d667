/**
 * An Oracle Database that is none: it understands the statements of backups behind the interfaces of {@code java.sql}, and
 * the scripts of RMAN and SQL*Plus behind real processes, and keeps the rules of Oracle's documentation. It proves what the
 * adapter does, not what a real server does.
 */
@NullMarked
package org.medbackup.app.oracle.fake;

import org.jspecify.annotations.NullMarked;
