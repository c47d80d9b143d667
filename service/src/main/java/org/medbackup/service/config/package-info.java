/** The configuration: one YAML file, its schema, what is wrong with it and where each value came from. */
@NullMarked
package org.medbackup.service.config;

import org.jspecify.annotations.NullMarked;
