package org.medbackup.store.hsm;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.DocumentException;
import org.medbackup.documents.JsonSchema;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.Position;
import org.medbackup.documents.Yaml;

/**
 * The file of a site's commands, as docs/store-hsm.md has it.
 *
 * @param file its path, for the caller's eyes
 * @param yaml what stands in it
 */
record CommandsFile(Path file, Yaml yaml) {

    private static final long LONGEST = 64 << 10;
    private static final String STATE = "/commands/state";
    private static final String RECALL = "/commands/recall";

    /** Seconds: a state is looked up in memory or asked of a server; a recall that waits for its tape may need hours. */
    private static final long STATE_SECONDS = 30;

    private static final long RECALL_SECONDS = 300;
    private static final long PATIENCE_HOURS = 24;
    private static final long AT_ONCE = 4;

    /**
     * Reads the commands, and looks whether their programs are there and can be trusted.
     *
     * @throws BackupException with {@link ErrorCode#CONFIGURATION_INVALID} naming the line, or with
     *     {@link ErrorCode#HOOK_REFUSED} where others could change the file or a program
     */
    static SiteCommands read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw ErrorCode.CONFIGURATION_INVALID
                    .because("the file of commands that the location names is not there")
                    .about(file);
        }
        Trust.require(file, "the file of commands");
        try {
            return new CommandsFile(file, Yaml.parse(text(file))).commands();
        } catch (DocumentException malformed) {
            throw fault(file, malformed.position(), String.valueOf(malformed.getMessage()));
        }
    }

    private static String text(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] bytes = stream.readNBytes((int) LONGEST + 1);
            if (bytes.length <= LONGEST) {
                return new String(bytes, StandardCharsets.UTF_8);
            }
        } catch (IOException unreadable) {
            throw ErrorCode.CONFIGURATION_INVALID
                    .because("the file of commands cannot be read", unreadable)
                    .about(file);
        }
        throw fault(file, Position.START, "it is longer than 64 KiB");
    }

    private static JsonSchema schema() {
        try (InputStream stream = CommandsFile.class.getResourceAsStream("commands.schema.json")) {
            if (stream == null) {
                throw new IllegalStateException("the schema is missing in this build");
            }
            return JsonSchema.parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private SiteCommands commands() {
        for (JsonSchema.Fault found : schema().check(yaml.value())) {
            String known = found.known().isEmpty() ? "" : "; known here: " + String.join(", ", found.known());
            throw fault(found.pointer(), found.message() + known);
        }
        JsonValue.Members commands = ((JsonValue.Members) yaml.value()).members("commands");
        return new SiteCommands(
                commands.find("state")
                        .map(each -> state((JsonValue.Members) each))
                        .orElse(null),
                commands.find("recall")
                        .map(each -> recalling((JsonValue.Members) each))
                        .orElse(null));
    }

    private SiteCommands.State state(JsonValue.Members state) {
        JsonValue.Members states = state.members("states");
        SiteCommand command = command("state", state.items("run"), STATE, seconds(state, STATE_SECONDS));
        return new SiteCommands.State(
                command,
                new States(
                        states.find("resident")
                                .map(each -> pattern(states, "resident"))
                                .orElse(null),
                        states.find("coming")
                                .map(each -> pattern(states, "coming"))
                                .orElse(null),
                        pattern(states, "offline")));
    }

    private Pattern pattern(JsonValue.Members states, String name) {
        try {
            return Pattern.compile(states.text(name));
        } catch (PatternSyntaxException malformed) {
            throw fault(
                    STATE + "/states/" + name,
                    "it is no pattern of RE2 (which has no back references and no looking around)");
        }
    }

    private SiteCommands.Recalling recalling(JsonValue.Members recall) {
        boolean reading = isTrue(recall, "byReading");
        Optional<JsonValue> run = recall.find("run");
        if (reading == run.isPresent()) {
            throw fault(RECALL, "write either run, or byReading: true");
        }
        return new SiteCommands.Recalling(
                run.map(each -> command("recall", recall.items("run"), RECALL, seconds(recall, RECALL_SECONDS)))
                        .orElse(null),
                reading || isTrue(recall, "background"),
                (int) number(recall, "atOnce", AT_ONCE),
                Duration.ofHours(number(recall, "hours", PATIENCE_HOURS)));
    }

    private SiteCommand command(String key, List<JsonValue> run, String pointer, Duration limit) {
        var words = new ArrayList<String>();
        for (JsonValue each : run) {
            words.add(((JsonValue.Text) each).value());
        }
        String at = pointer + "/run";
        if (words.stream().skip(1).noneMatch(each -> each.contains(SiteCommand.FILE))) {
            throw fault(at, "no argument has {} for the file; write it in quotes, \"{}\"");
        }
        Path program = Path.of(words.getFirst());
        if (!program.isAbsolute()) {
            throw fault(at + "/0", "write the absolute path of the program");
        }
        if (!Files.isExecutable(program)) {
            throw fault(at + "/0", "this program is not there or may not be run; install it, or mend its path");
        }
        Trust.require(program, "the program of the site's command for " + key);
        return new SiteCommand(key, words, limit);
    }

    private static boolean isTrue(JsonValue.Members of, String name) {
        return of.find(name).map(new JsonValue.Truth(true)::equals).orElse(false);
    }

    private static Duration seconds(JsonValue.Members of, long otherwise) {
        return Duration.ofSeconds(number(of, "seconds", otherwise));
    }

    private static long number(JsonValue.Members of, String name, long otherwise) {
        return of.find(name).isPresent() ? of.whole(name) : otherwise;
    }

    private BackupException fault(String pointer, String what) {
        String key = pointer.substring(Math.min(1, pointer.length())).replace('/', '.');
        return fault(file, yaml.at(pointer), key.isEmpty() ? what : key + ": " + what);
    }

    private static BackupException fault(Path file, Position at, @Nullable String what) {
        return ErrorCode.CONFIGURATION_INVALID
                .because("line " + at.line() + " of the file of commands, " + what)
                .with("line", at.line())
                .about(file);
    }
}
