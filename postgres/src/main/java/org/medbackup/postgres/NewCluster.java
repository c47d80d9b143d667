package org.medbackup.postgres;

import java.util.HexFormat;
import java.util.List;
import org.medbackup.core.Entropy;
import org.medbackup.core.Secret;

/**
 * What a new cluster is created with. It always has data checksums, UTF-8 and passwords by SCRAM-SHA-256 on every
 * connection, local ones included.
 *
 * @param superuser name of the first role
 * @param password its password; whoever made it closes it
 * @param options further words for {@code initdb}, such as {@code --wal-segsize=1}
 */
public record NewCluster(String superuser, Secret password, List<String> options) {

    public NewCluster {
        options = List.copyOf(options);
    }

    /** A cluster whose superuser {@code postgres} has a random password of 128 bits. */
    public static NewCluster withRandomPassword(Entropy entropy) {
        return new NewCluster("postgres", Secret.ofText(HexFormat.of().formatHex(entropy.bytes(16))), List.of());
    }

    /** The same with further words for {@code initdb}. */
    public NewCluster with(String... more) {
        return new NewCluster(superuser, password, List.of(more));
    }
}
