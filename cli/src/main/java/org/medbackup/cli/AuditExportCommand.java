package org.medbackup.cli;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.export.AuditFormat;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.service.AuditOperations;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Tells the audit trail in a format of others. */
@Command(
        name = "export",
        description = "Writes the entries of the audit trail in a format that others read, one line an entry.")
final class AuditExportCommand extends ProductCommand {

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            required = true,
            description = "jsonl, fhir (AuditEvent of R4), atna (RFC 5424 and DICOM), cef or ocsf.")
    String format = "";

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = HoldPlaceCommand.Time.class,
            description = "Only entries from then on, such as 2026-03-01 or 2026-03-01T10:00:00Z.")
    @Nullable
    Instant from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = End.class,
            description = "Only entries before then; of a day, until its end.")
    @Nullable
    Instant to;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "A new file that only its owner may read, instead of standard output.")
    @Nullable
    Path output;

    @Override
    Answer answer(MedBackup product) {
        AuditFormat chosen = AuditFormat.of(format);
        var range = new AuditOperations.Range(from, to);
        if (output != null) {
            return answer(chosen, product.audit().export(chosen, range, output));
        }
        if (root().terminal().isJson()) {
            throw ErrorCode.USAGE.because("the entries go to standard output, so that --json needs --output FILE");
        }
        product.audit().export(chosen, range, root().terminal().out());
        return new Answer();
    }

    private static Answer answer(AuditFormat format, AuditOperations.Exported exported) {
        return new Answer()
                .field("format", format.word())
                .field("entries", exported.entries())
                .field("first", exported.entries() == 0 ? null : exported.first())
                .field("last", exported.entries() == 0 ? null : exported.last())
                .field("bytes", exported.bytes())
                .field("sha256", exported.sha256())
                .line(exported.entries() + " entries as " + format.word() + ", " + exported.bytes() + " bytes, SHA-256 "
                        + exported.sha256());
    }

    /** A day of UTC ends with it. */
    static final class End implements ITypeConverter<Instant> {

        @Override
        public Instant convert(String text) {
            try {
                return text.contains("T")
                        ? Instant.parse(text)
                        : LocalDate.parse(text)
                                .plusDays(1)
                                .atStartOfDay(ZoneOffset.UTC)
                                .toInstant();
            } catch (DateTimeException none) {
                throw new TypeConversionException("'" + text + "' is no time: 2026-03-01 or 2026-03-01T10:00:00Z");
            }
        }
    }
}
