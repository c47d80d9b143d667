/** Signs of ransomware: judged run by run against a source's own past, and looked for in restored files. */
@NullMarked
package org.medbackup.anomaly;

import org.jspecify.annotations.NullMarked;
