package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.service.MedBackup;
import org.medbackup.service.config.Configuration.Value;
import org.medbackup.service.config.Explanation;
import picocli.CommandLine.Command;

/** Where each value comes from. */
@Command(name = "explain", description = "Says which values hold and where each of them comes from; no secrets.")
final class ConfigExplainCommand extends ProductCommand {

    @Override
    Answer answer() {
        Root root = root();
        List<Value> values = new Explanation(root.configuration(), root.namedOptions(), root.environment())
                .values(root.usualStateFolder());
        var answer = new Answer()
                .field(
                        "values",
                        values.stream().map(ConfigExplainCommand::members).toList());
        values.forEach(value -> answer.line(value.key() + " = " + value.value() + "  (" + value.origin() + ")"));
        return answer;
    }

    @Override
    Answer answer(MedBackup product) {
        return answer();
    }

    private static Map<String, Object> members(Value value) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("key", value.key());
        members.put("value", value.value());
        members.put("origin", value.origin());
        return members;
    }
}
