package org.medbackup.recovery.evidence;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.page.Block;
import org.medbackup.documents.page.Block.Fact;
import org.medbackup.documents.page.Block.Facts;
import org.medbackup.documents.page.Block.Heading;
import org.medbackup.documents.page.Block.Notice;
import org.medbackup.documents.page.Block.Table;
import org.medbackup.documents.page.Block.Words;

/** By what the audit trail proves a drill, and how to check it. */
final class ProofPages {

    private static final int SHORT = 200;

    private ProofPages() {}

    static void put(List<Block> blocks, Members document) {
        blocks.add(new Heading("Audit trail and signature"));
        Members audit = Said.object(document, "audit");
        if (audit.values().isEmpty()) {
            blocks.add(new Notice("This page holds no proofs of the audit trail."));
            return;
        }
        blocks.add(
                new Words(
                        "The prediction was written into the audit trail before the drill began: its entry has the lower"
                                + " number, and the signed checkpoint holds both. The files of this drill are signed with the same key, in the"
                                + " file that ends in .sig; \"medbackup drill verify\" checks signature and proofs without the host."));
        blocks.add(new Facts(
                "Signed by",
                Said.or(audit, "key", "")
                        .lines()
                        .map(key -> new Fact("Public key of the trail", shortened(key)))
                        .toList()));
        blocks.add(new Table(
                "Checkpoint, line by line: name of the trail, number of its entries, root, signature",
                List.of("Checkpoint"),
                Said.or(audit, "checkpoint", "")
                        .lines()
                        .filter(line -> !line.isEmpty())
                        .map(ProofPages::shortened)
                        .map(List::of)
                        .toList()));
        List<Members> entries = Said.objects(audit, "entries");
        blocks.add(new Table(
                "Entries",
                List.of("Number", "Of", "Entry as it was written (canonical JSON)"),
                entries.stream()
                        .map(each -> List.of(
                                Said.or(each, "index", ""), Said.or(each, "size", ""), Said.or(each, "record", "")))
                        .toList()));
        List<List<String>> path = new ArrayList<>();
        entries.forEach(each -> path.add(List.of(Said.or(each, "index", ""), Said.or(each, "path", ""))));
        blocks.add(new Table(
                "Their proofs of inclusion (RFC 9162, 2.1.3): hashes beside the way to the root, lowest first",
                List.of("Number", "Hashes"),
                path));
    }

    /** Keys and signatures of ML-DSA-65 fill pages; nobody types them off. */
    private static String shortened(String line) {
        return line.length() <= SHORT
                ? line
                : line.substring(0, SHORT) + "\u2026 (" + line.length() + " characters; whole in the JSON document)";
    }
}
