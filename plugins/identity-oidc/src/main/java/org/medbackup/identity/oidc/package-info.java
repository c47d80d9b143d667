/** Who calls, by tokens of OpenID Connect. */
@NullMarked
package org.medbackup.identity.oidc;

import org.jspecify.annotations.NullMarked;
