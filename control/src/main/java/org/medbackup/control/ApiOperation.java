package org.medbackup.control;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.documents.JsonSchema;

/**
 * An operation of the OpenAPI document.
 *
 * @param body schema of the body; null where it takes none
 * @param bodyRequired whether it cannot do without
 * @param produces media type of a good answer
 */
record ApiOperation(
        Route route,
        String method,
        String template,
        Pattern path,
        List<Parameter> parameters,
        @Nullable JsonSchema body,
        boolean bodyRequired,
        String produces) {

    private static final Pattern VARIABLE = Pattern.compile("\\{([a-z]+)}");

    ApiOperation {
        parameters = List.copyOf(parameters);
    }

    /** What paths of a template look like; a colon begins a verb. */
    static Pattern pattern(String template) {
        var pattern = new StringBuilder();
        Matcher variables = VARIABLE.matcher(template);
        int from = 0;
        while (variables.find()) {
            pattern.append(Pattern.quote(template.substring(from, variables.start())))
                    .append("([^/:]+)");
            from = variables.end();
        }
        return Pattern.compile(pattern + Pattern.quote(template.substring(from)));
    }

    boolean changes() {
        return !method.equals("GET");
    }

    /** The variables of a path that matches, decoded. */
    Map<String, String> variables(String rawPath) {
        List<String> names = new ArrayList<>();
        VARIABLE.matcher(template).results().forEach(each -> names.add(each.group(1)));
        Map<String, String> values = new LinkedHashMap<>();
        Matcher matcher = path.matcher(rawPath);
        if (matcher.matches()) {
            for (int i = 0; i < names.size(); i++) {
                // A plus is a plus in a path.
                String raw = matcher.group(i + 1).replace("+", "%2B");
                values.put(names.get(i), URLDecoder.decode(raw, StandardCharsets.UTF_8));
            }
        }
        return values;
    }

    /** Its parameters in one place. */
    List<Parameter> in(String place) {
        return parameters.stream().filter(each -> each.place().equals(place)).toList();
    }
}
