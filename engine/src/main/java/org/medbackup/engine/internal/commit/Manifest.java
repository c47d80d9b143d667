package org.medbackup.engine.internal.commit;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.tree.Sums;

/**
 * What a restore point is.
 *
 * @param open what a maintainer and another writer may know
 * @param named what only a reader may know; null where it was read without a reader's key
 */
public record Manifest(Open open, @Nullable Named named) {

    /** The id as text. */
    public String text() {
        return HexFormat.of().formatHex(open.id());
    }

    /** What only a reader may know, where these keys read. */
    public Optional<Named> readable() {
        return Optional.ofNullable(named);
    }

    /**
     * The part without names, sealed under the index key.
     *
     * @param id of the restore point, 16 bytes
     * @param writer key id, 8 bytes
     * @param started when the work on it began
     * @param ended when it was committed
     * @param source keyed digest of the source's name, 32 bytes
     * @param previous SHA-256 of the manifest before it of this source, empty where none is known
     * @param references root page of the references
     * @param encapsulation carries the ticket's secret of the domain of names
     * @param sums of the tree
     * @param generation of the retention lock, 0 for none
     */
    public record Open(
            byte[] id,
            byte[] writer,
            Instant started,
            Instant ended,
            byte[] source,
            byte[] previous,
            ChunkId references,
            byte[] encapsulation,
            Sums sums,
            int generation) {}

    /**
     * The part with names, sealed to the readers.
     *
     * @param tree root page
     * @param source name of the source
     * @param host on which it was made
     * @param paths that were backed up, absolute
     * @param tags given by the caller
     * @param parent restore point that unchanged files were taken from, empty where there was none
     * @param policy SHA-256 of the policy in force, as text
     * @param tool name and version of the program
     * @param consistency how much it promises
     * @param evidence why, from the application
     * @param errors what could not be read: the first of them
     * @param errorCount how many could not be read
     * @param auditSize entries of the audit trail when it was committed
     * @param auditRoot its root hash as text, empty where there is none
     */
    public record Named(
            ChunkId tree,
            String source,
            String host,
            List<PathBytes> paths,
            SortedMap<String, String> tags,
            String parent,
            String policy,
            String tool,
            ConsistencyLevel consistency,
            SortedMap<String, String> evidence,
            List<ReadError> errors,
            long errorCount,
            long auditSize,
            String auditRoot) {}

    /**
     * Something that could not be read as it should.
     *
     * @param path of it
     * @param code of the failure
     * @param message without the path
     */
    public record ReadError(PathBytes path, String code, String message) {}
}
