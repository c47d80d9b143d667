package org.medbackup.access;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.sign.Signer;

/**
 * Somebody whom the rules name.
 *
 * @param name in the rules and in the audit trail
 * @param isService whether it is a program and no person
 * @param key with which approvals are signed; null for who signs none
 * @param known how it is proved who calls: for each way (see {@link Way}) the name there
 * @param roles what for
 * @param sources whose data may be taken out: names, which may end in {@code *}; none for all
 */
public record Person(
        String name,
        boolean isService,
        @Nullable Signer key,
        Map<Way, String> known,
        Set<AccessRole> roles,
        Set<String> sources) {

    public Person {
        known = Map.copyOf(known);
        roles = Set.copyOf(roles);
        sources = Set.copyOf(sources);
    }

    /** How it is proved who calls. */
    public enum Way {
        /** The user of the operating system to whom the process belongs. */
        OS("os"),
        /** The subject of a client's certificate (RFC 4514). */
        CERTIFICATE("certificate"),
        /** The subject of a token (OpenID Connect). */
        TOKEN("token");

        private final String word;

        Way(String word) {
            this.word = word;
        }

        /** As it is written. */
        public String word() {
            return word;
        }
    }

    /** Whether any of the roles allows it. */
    public boolean may(AccessRight right) {
        return roles.stream().anyMatch(role -> role.rights().contains(right));
    }

    /** Whether data of a source may be taken out, by one whose role allows to take out. */
    public boolean covers(String source) {
        return sources.isEmpty()
                || sources.stream()
                        .anyMatch(each -> each.endsWith("*")
                                ? source.startsWith(each.substring(0, each.length() - 1))
                                : source.equals(each));
    }

    /** The roles, as people read them. */
    public String roleWords() {
        return roles.stream().map(AccessRole::word).sorted().collect(Collectors.joining(", "));
    }

    /** The key, where approvals may be signed with it. */
    Optional<Signer> approvingKey() {
        return may(AccessRight.APPROVE) ? Optional.ofNullable(key) : Optional.empty();
    }
}
