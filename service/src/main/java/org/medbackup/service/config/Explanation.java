package org.medbackup.service.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.service.config.Configuration.Value;

/**
 * Each value that holds, with where it came from: an option of the call, a variable, the file, or the default, in this
 * order.
 *
 * @param configuration that was read
 * @param options of the call by their names, such as {@code --repo}
 * @param environment of this process
 */
public record Explanation(Configuration configuration, Map<String, String> options, Map<String, String> environment) {

    public Explanation {
        options = Map.copyOf(options);
        environment = Map.copyOf(environment);
    }

    /**
     * All values: first those of the whole call, then those of the applications and groups. Secrets are shown by where they
     * are.
     *
     * @param state folder that holds where nobody names one
     */
    public List<Value> values(Path state) {
        var values = new ArrayList<Value>();
        Path file = configuration.file();
        values.add(
                chosen("config", "--config", "MEDBACKUP_CONFIG", false, file == null ? null : file.toString(), "none"));
        values.add(chosen("repository", "--repo", "MEDBACKUP_REPO", false, null, "none"));
        values.add(chosen("password", "--password-file", "MEDBACKUP_PASSWORD", true, null, "none"));
        values.add(chosen("keyFile", "--key-file", "MEDBACKUP_KEY_FILE", false, null, "none"));
        values.add(chosen("state", "--state", "MEDBACKUP_STATE", false, null, state.toString()));
        configuration.values().stream()
                .filter(value -> value.key().contains("."))
                .forEach(values::add);
        return values;
    }

    private Value chosen(
            String key, String option, String variable, boolean secret, @Nullable String found, String otherwise) {
        String given = options.get(option);
        if (given != null) {
            return new Value(key, given, "option " + option);
        }
        String set = environment.getOrDefault(variable, "");
        if (!set.isEmpty()) {
            return new Value(key, secret ? "env:" + variable : set, "variable " + variable);
        }
        if (found != null) {
            return new Value(key, found, "found in its usual place");
        }
        return configuration.values().stream()
                .filter(value -> value.key().equals(key))
                .findFirst()
                .orElseGet(() -> new Value(key, otherwise, "default"));
    }
}
