/**
 * Who may do what. Rules name persons with their keys and roles; they are signed by several and have versions. What protects restore
 * points is given up only with the approval of others: signatures over the exact request.
 */
@NullMarked
package org.medbackup.access;

import org.jspecify.annotations.NullMarked;
