package org.medbackup.service;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.policy.CatalogueRow;
import org.medbackup.policy.Classification;
import org.medbackup.policy.DataKind;
import org.medbackup.policy.Label;
import org.medbackup.policy.LabelFinding;
import org.medbackup.policy.Reason;

/**
 * A list of files that somebody has made, one JSON object a line: {@code path}, {@code size}, {@code kind}, and where it is known
 * {@code modified}, {@code uid}, {@code gid}, {@code labels}.
 *
 * @param file in UTF-8
 * @param now time of change of a file of which none is known
 */
record CatalogueFile(Path file, Instant now) {

    /**
     * Reads it line by line.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#USAGE} where it cannot be read, naming the line
     */
    void read(Consumer<CatalogueRow> rows) {
        int at = 0;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            String line = lines.readLine();
            while (line != null) {
                at++;
                if (!line.isBlank()) {
                    rows.accept(row(Json.parseMembers(line)));
                }
                line = lines.readLine();
            }
        } catch (JsonException | IllegalArgumentException | DateTimeException | ArithmeticException malformed) {
            throw ErrorCode.USAGE
                    .because("line " + at + " of the catalogue is no file of the form that is described", malformed)
                    .about(file);
        } catch (IOException failed) {
            throw ErrorCode.USAGE
                    .because("the catalogue cannot be read", failed)
                    .about(file);
        }
    }

    private CatalogueRow row(Members line) {
        List<LabelFinding> findings = new ArrayList<>();
        if (line.find("labels").isPresent()) {
            for (JsonValue each : line.items("labels")) {
                String name = each instanceof JsonValue.Text text ? text.value() : "";
                findings.add(new LabelFinding(Label.valueOf(name), 1, Reason.IDENTIFIERS));
            }
        }
        Instant modified = line.find("modified").isPresent() ? Instant.parse(line.text("modified")) : now;
        var facts = new FileFacts(
                PathBytes.of(line.text("path")),
                line.whole("size"),
                modified,
                line.find("uid").isPresent() ? Math.toIntExact(line.whole("uid")) : 0,
                line.find("gid").isPresent() ? Math.toIntExact(line.whole("gid")) : 0,
                0,
                line.find("accessed").isPresent() ? Instant.parse(line.text("accessed")) : modified);
        DataKind kind = DataKind.valueOf(line.text("kind").toUpperCase(Locale.ROOT));
        return new CatalogueRow(facts, Classification.of(kind, findings));
    }
}
