package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.access.AccessRight;
import org.medbackup.access.AccessRules;
import org.medbackup.access.Person;
import org.medbackup.core.event.Actor;
import org.medbackup.core.sign.Signer;
import org.medbackup.documents.CheckedDocument;
import org.medbackup.testkit.ManualExample;

class AccessExampleTest {

    @TempDir
    Path temp;

    private static boolean example(MedBackup product, Path folder, String rules) {
        // example:begin
        AccessOperations access = product.access();
        Signer bert = access.newKey(folder.resolve("bert.pem"));
        String mine = rules.replace("BERT", bert.text());
        List<CheckedDocument.Fault> faults = AccessRules.check(mine);
        AccessRules written = AccessRules.parse(mine);
        Person anna = written.who(Person.Way.OS, "anna").orElseThrow();
        boolean restores = anna.may(AccessRight.RESTORE);
        // example:end
        assertThat(faults).isEmpty();
        return restores;
    }

    @Test
    void theExampleOfTheManualRuns() {
        String rules = """
                version: 1
                approvals: {quorum: 1}
                people:
                  anna: {os: anna, roles: [restore-operator, security-officer]}
                  bert: {key: "BERT", roles: [approver]}
                  cora: {key: "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", roles: [approver]}
                """;
        try (MedBackup product =
                MedBackup.open(Settings.of(temp.resolve("state"), new Actor("j.doe", "backup01", null, null)))) {
            assertThat(example(product, temp, rules)).isTrue();
        }
    }

    @Test
    void theManualHoldsTheExampleAsItIsHere() {
        ManualExample.assertStandsIn(
                "docs/access.md", "service/src/test/java/org/medbackup/service/AccessExampleTest.java");
    }
}
