package org.medbackup.service.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.report.Statements;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.Yaml;

/** Where the statements lie that compliance reports need. */
final class ComplianceSection {

    private static final String AT = "/compliance";
    private static final String STATEMENTS = "statements";

    private ComplianceSection() {}

    /** Their file, beside the configuration where it is not absolute. */
    static @Nullable Path statements(DocumentValues values, Members root) {
        String text = values.text(DocumentValues.members(root, "compliance"), AT, STATEMENTS);
        return text == null ? null : values.file().resolveSibling(text);
    }

    static List<Finding> check(Yaml yaml, Configuration configuration) {
        Path file = configuration.statements();
        if (file == null) {
            return List.of();
        }
        int line = yaml.at(AT + "/" + STATEMENTS).line();
        List<Finding> findings = new ArrayList<>();
        try {
            for (Statements.Fault each : Statements.read(Files.readString(file)).faults()) {
                findings.add(warning(
                        line,
                        "its line " + each.line() + ", " + Keys.dotted(each.key()) + ": " + each.message(),
                        "Mend the file; see docs/compliance.md for what may stand there."));
            }
        } catch (IOException unreadable) {
            findings.add(warning(line, "the file cannot be read", "Mend the name, or the rights of the file."));
        }
        return findings;
    }

    /** Backups go on without it: only reports need it, and refuse to be made with what is wrong. */
    private static Finding warning(int line, String message, String remedy) {
        return new Finding(Finding.Severity.WARNING, line, "compliance." + STATEMENTS, message, remedy);
    }
}
