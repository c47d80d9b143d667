package org.medbackup.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.LegalHold;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Places a legal hold. */
@Command(
        name = "place",
        description =
                "Holds restore points, also those to come; one has to meet all that is asked. Needs the password.")
final class HoldPlaceCommand extends ProductCommand {

    @Option(
            names = "--matter",
            required = true,
            paramLabel = "TEXT",
            description = "For which matter; stands sealed in the repository and nowhere else.")
    String matter = "";

    @Option(names = "--source", paramLabel = "NAME", description = "Those of this source.")
    String source = "";

    @Option(names = "--of-host", paramLabel = "HOST", description = "Those that were made on this host.")
    String host = "";

    @Option(
            names = "--path",
            paramLabel = "PATH",
            description = "Those that hold this absolute path, or something above or below it; may be repeated.")
    List<String> paths = new ArrayList<>();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = Time.class,
            description = "Those made at that time or later: 2026-03-01 or 2026-03-01T10:00:00Z.")
    Optional<Instant> from = Optional.empty();

    @Option(
            names = "--until",
            paramLabel = "TIME",
            converter = Time.class,
            description = "Those made before that time.")
    Optional<Instant> until = Optional.empty();

    @Option(names = "--all", description = "All restore points.")
    boolean all;

    @Parameters(
            paramLabel = "SNAPSHOT",
            arity = "0..*",
            description = "These: id, its beginning, latest or latest@SOURCE.")
    List<String> snapshots = new ArrayList<>();

    @Override
    Answer answer(MedBackup product) {
        var selector = new LegalHold.Selector(new HashSet<>(snapshots), source, host, paths, from, until);
        if (all != selector.equals(LegalHold.Selector.ALL)) {
            throw ErrorCode.USAGE.because(
                    all ? "--all and something that is asked for" : "say what the hold covers, or --all");
        }
        return HoldsAnswer.placed(product.holds().place(root().access(), matter, selector));
    }

    /** A day of UTC begins with it. */
    static final class Time implements ITypeConverter<Instant> {

        @Override
        public Instant convert(String text) {
            try {
                return text.contains("T")
                        ? Instant.parse(text)
                        : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            } catch (DateTimeException none) {
                throw new TypeConversionException("'" + text + "' is no time: 2026-03-01 or 2026-03-01T10:00:00Z");
            }
        }
    }
}
