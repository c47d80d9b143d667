/** The product as a library: repositories, backups, restores, applications, the audit trail. */
@NullMarked
package org.medbackup.service;

import org.jspecify.annotations.NullMarked;
