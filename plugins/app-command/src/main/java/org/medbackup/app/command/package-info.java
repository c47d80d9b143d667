/** Adapter of services that are frozen and thawed by commands. */
@NullMarked
package org.medbackup.app.command;

import org.jspecify.annotations.NullMarked;
