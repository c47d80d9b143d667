package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.audit.AuditProof;
import org.medbackup.audit.ProvenEntry;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes an entry out of the audit trail, with its proof. */
@Command(
        name = "prove",
        description = "Prints an entry of the audit trail with the proof that the signed checkpoint holds it.")
final class AuditProveCommand extends ProductCommand {

    @Parameters(paramLabel = "ENTRY", description = "The number of the entry, from 0.")
    long entry;

    @Override
    Answer answer(MedBackup product) {
        AuditProof proof = product.proveAudit(entry);
        ProvenEntry proven = proof.entries().getFirst();
        List<String> path = proven.proof().path().stream().map(Hash::toString).toList();
        Map<String, Object> inclusion = new LinkedHashMap<>();
        inclusion.put("index", proven.proof().index());
        inclusion.put("size", proven.proof().size());
        inclusion.put("path", path);
        return new Answer()
                .field("record", proven.record())
                .field("proof", inclusion)
                .field("checkpoint", proof.checkpoint())
                .field("keys", product.auditKey().toString().lines().toList())
                .line(proven.record())
                .line("is entry " + entry + " of " + proven.proof().size() + "; hashes beside its way to the root:")
                .line(String.join("\n", path))
                .line(proof.checkpoint().stripTrailing());
    }
}
