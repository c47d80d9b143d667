package org.medbackup.control;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/** Who has which role: by the subject of a certificate, whole and in its order (RFC 4514). Immutable. */
public final class RoleMap {

    private final Map<X500Principal, Set<Role>> roles;

    private RoleMap(Map<X500Principal, Set<Role>> roles) {
        this.roles = Map.copyOf(roles);
    }

    /**
     * Reads a map.
     *
     * @param roles by subject, such as {@code CN=anna,OU=Backup,O=Clinic}
     * @throws BackupException with {@code CONTROL_INVALID} where a subject is none, or stands twice in two spellings
     */
    public static RoleMap of(Map<String, Set<Role>> roles) {
        Map<X500Principal, Set<Role>> known = new HashMap<>();
        roles.forEach((subject, each) -> {
            Set<Role> copy = EnumSet.noneOf(Role.class);
            copy.addAll(each);
            if (known.put(principal(subject), copy) != null) {
                throw ErrorCode.CONTROL_INVALID.because("a subject stands twice among the roles");
            }
        });
        return new RoleMap(known);
    }

    private static X500Principal principal(String subject) {
        try {
            return new X500Principal(subject);
        } catch (IllegalArgumentException malformed) {
            throw ErrorCode.CONTROL_INVALID.because("a name among the roles is no subject of a certificate", malformed);
        }
    }

    /** Of a subject; none where it is not known. */
    Set<Role> of(X500Principal subject) {
        return roles.getOrDefault(subject, Set.of());
    }
}
