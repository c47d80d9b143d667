package org.medbackup.store.gateway;

import java.util.List;

/**
 * What a writer needs of a repository, by the names of the format: it adds tickets, packs, segments, roots, manifests and classes of placement;
 * it reads the description, the certificates, the condemned lists, the classes of placement and the index; and of its own restore point, whose id
 * nobody else knows, slot and copy.
 */
final class WriterRules {

    private static final List<String> ADDED = List.of("t/", "d/", "m/", "r/", "i/", "root/", "c/", "s/", "p/");
    private static final List<String> CERTIFICATES =
            List.of("keys/signer-", "keys.2/signer-", "keys/revoked-", "keys.2/revoked-");
    private static final List<String> LISTED = List.of("f/", "g/", "root/", "p/");

    private WriterRules() {}

    private static boolean begins(String name, List<String> prefixes) {
        return prefixes.stream().anyMatch(name::startsWith);
    }

    static boolean mayAdd(String name) {
        return begins(name, ADDED);
    }

    static boolean mayRead(String name) {
        return name.equals("format")
                || name.equals("format.2")
                || begins(name, CERTIFICATES)
                || begins(name, LISTED)
                || begins(name, List.of("i/", "s/", "c/"));
    }

    /** The length tells whether a name is taken, which a put tells too. */
    static boolean mayMeasure(String name) {
        return mayRead(name) || mayAdd(name);
    }

    static boolean mayList(String prefix) {
        return begins(prefix, LISTED) || begins(prefix, CERTIFICATES);
    }
}
