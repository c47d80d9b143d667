package org.medbackup.resilience;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.documents.JsonSchema;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.Yaml;

/** The failures that are known, from {@code failures.yaml} beside this class. Immutable; safe for use by several threads. */
public final class FailureCatalogue {

    /** What is no failure of the catalogue is taken for this one. */
    public static final String UNKNOWN = "unknown";

    private static final FailureCatalogue BUILT_IN = parse(resource("failures.yaml"));

    private final List<Failure> all;
    private final Failure unknown;

    private FailureCatalogue(List<Failure> all) {
        this.all = List.copyOf(all);
        this.unknown = all.stream()
                .filter(each -> each.id().equals(UNKNOWN))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the catalogue has no " + UNKNOWN));
        Set<String> ids = new HashSet<>();
        for (Failure each : all) {
            if (!ids.add(each.id())) {
                throw new IllegalArgumentException("two failures of the id " + each.id());
            }
        }
    }

    /** The one that this version comes with. */
    public static FailureCatalogue builtIn() {
        return BUILT_IN;
    }

    /**
     * Reads a catalogue.
     *
     * @throws IllegalArgumentException where it does not follow {@link #schema()} or contradicts itself
     */
    public static FailureCatalogue parse(String yaml) {
        JsonValue root = Yaml.parse(yaml).value();
        List<JsonSchema.Fault> faults = JsonSchema.parse(schema()).check(root);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(
                    faults.getFirst().pointer() + ": " + faults.getFirst().message());
        }
        var all = new ArrayList<Failure>();
        for (JsonValue each : ((JsonValue.Members) root).items("failures")) {
            all.add(failure((JsonValue.Members) each));
        }
        return new FailureCatalogue(all);
    }

    /** The schema of catalogues, as JSON. */
    public static String schema() {
        return resource("failures.schema.json");
    }

    /** The same where one action is never taken: what it mends is not mended then. */
    public FailureCatalogue without(Action action) {
        if (action == Action.STOP) {
            throw new IllegalArgumentException("every plan has an end");
        }
        return new FailureCatalogue(all.stream()
                .map(each -> new Failure(
                        each.id(),
                        each.title(),
                        each.area(),
                        each.nature(),
                        each.common(),
                        each.mending(),
                        each.signs(),
                        each.plan().stream()
                                .filter(step -> step.action() != action)
                                .toList(),
                        each.ends(),
                        each.severity(),
                        each.remedy()))
                .toList());
    }

    /** All of them, in the order of the file. */
    public List<Failure> all() {
        return all;
    }

    /**
     * One of them.
     *
     * @throws IllegalArgumentException where there is none of this id
     */
    public Failure of(String id) {
        return all.stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no failure has the id " + id));
    }

    /**
     * Which failure an exception is: the one with a sign that says most of it, and the first of several.
     *
     * @param stage of the job in which it was met
     */
    public Failure classify(BackupException exception, String stage) {
        Failure found = unknown;
        int most = -1;
        for (Failure each : all) {
            for (Sign sign : each.signs()) {
                if (sign.weight() > most && sign.isShownBy(exception, stage)) {
                    found = each;
                    most = sign.weight();
                }
            }
        }
        return found;
    }

    private static Failure failure(JsonValue.Members row) {
        return new Failure(
                row.text("id"),
                row.text("title"),
                named(Area.class, row.text("area")),
                named(Nature.class, row.text("nature")),
                row.find("common").filter(new JsonValue.Truth(true)::equals).isPresent(),
                row.find("mended").isPresent() ? named(Mending.class, row.text("mended")) : Mending.STAGES,
                items(row, "signs").stream()
                        .map(each -> sign((JsonValue.Members) each))
                        .toList(),
                items(row, "plan").stream().map(FailureCatalogue::step).toList(),
                named(Expectation.class, row.text("ends")),
                named(Severity.class, row.text("severity")),
                row.text("remedy"));
    }

    private static List<JsonValue> items(JsonValue.Members row, String name) {
        return row.find(name).isPresent() ? row.items(name) : List.of();
    }

    private static Sign sign(JsonValue.Members sign) {
        var context = new TreeMap<String, Pattern>();
        String stage = "";
        for (var each : sign.values().entrySet()) {
            String value = ((JsonValue.Text) each.getValue()).value();
            if (each.getKey().equals("stage")) {
                stage = value;
            } else if (!each.getKey().equals("code")) {
                context.put(each.getKey(), Pattern.compile(value));
            }
        }
        return new Sign(ErrorCode.valueOf(sign.text("code")), stage, context);
    }

    /** As in {@code retry 3}. */
    private static Step step(JsonValue step) {
        String[] words = ((JsonValue.Text) step).value().split(" ");
        return new Step(named(Action.class, words[0]), words.length > 1 ? Integer.parseInt(words[1]) : 1);
    }

    private static <E extends Enum<E>> E named(Class<E> type, String name) {
        return Enum.valueOf(type, name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static String resource(String name) {
        try (InputStream stream = FailureCatalogue.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException(name + " is missing in this build");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
