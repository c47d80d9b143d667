package org.medbackup.cli;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Entropy;
import org.medbackup.recovery.rotation.PointRule;
import org.medbackup.service.DrillOrder;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What of a plan is rehearsed, and from what. */
final class DrillChoiceOptions {

    @Option(
            names = "--application",
            paramLabel = "NAME",
            description = "Rehearses this one alone, with what it needs; may be given again.")
    List<String> applications = new ArrayList<>();

    @Option(
            names = "--points",
            paramLabel = "WHICH",
            converter = Rule.class,
            description = "From which restore points: newest, oldest, random. Default: newest.")
    PointRule points = PointRule.NEWEST;

    @Option(
            names = "--sample",
            paramLabel = "PERCENT",
            converter = Percent.class,
            description = "Restores a share of the files of each application, such as 5%%.")
    Double share = 1.0;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "Makes the choice of a drill again that told this choiceSeed.")
    @Nullable
    Long seed;

    DrillOrder order(Path plan, Path scratch) {
        boolean drawn = points == PointRule.RANDOM || share < 1;
        long given = seed != null
                ? seed
                : drawn ? ByteBuffer.wrap(Entropy.system().bytes(Long.BYTES)).getLong() : 0;
        seed = given;
        return new DrillOrder(plan, scratch, applications, new DrillOrder.Choice(points, given, share));
    }

    /** A rule by its name. */
    static final class Rule implements ITypeConverter<PointRule> {

        @Override
        public PointRule convert(String text) {
            for (PointRule each : PointRule.values()) {
                if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
                    return each;
                }
            }
            throw new TypeConversionException("'" + text + "' is not one of newest, oldest, random");
        }
    }

    /** Parts of a hundred, with or without the sign. */
    static final class Percent implements ITypeConverter<Double> {

        @Override
        public Double convert(String text) {
            try {
                double share = Double.parseDouble(text.replace("%", "").strip()) / 100;
                if (share > 0 && share <= 1) {
                    return share;
                }
            } catch (NumberFormatException no) {
                throw new TypeConversionException("'" + text + "' is no share such as 5%");
            }
            throw new TypeConversionException("'" + text + "' is no share above 0% and up to 100%");
        }
    }
}
