package org.medbackup.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.service.MedBackup;
import org.medbackup.service.config.ConfigurationFile;
import org.medbackup.service.config.Finding;
import picocli.CommandLine.Command;

/** Everything that is wrong with the configuration. */
@Command(name = "check", description = "Names everything that is wrong with the configuration, with its line and key.")
final class ConfigCheckCommand extends ProductCommand {

    @Override
    Answer answer() {
        Path file = root().configurationPath();
        if (file == null) {
            throw ErrorCode.CONFIGURATION_INVALID.because(
                    "no file is named, and none is in its usual place; give --config FILE");
        }
        return answer(file, MedBackup.configurationFile(root().environment()).read(file));
    }

    @Override
    Answer answer(MedBackup product) {
        return answer();
    }

    private static Answer answer(Path file, ConfigurationFile.Reading reading) {
        var answer = new Answer()
                .field("file", file.toString())
                .field(
                        "findings",
                        reading.findings().stream()
                                .map(ConfigCheckCommand::members)
                                .toList());
        for (Finding finding : reading.findings()) {
            answer.line(finding.severity().name().toLowerCase(Locale.ROOT) + " " + file + ": " + finding.text())
                    .line("      " + finding.remedy());
        }
        long errors = reading.findings().stream()
                .filter(each -> each.severity() == Finding.Severity.ERROR)
                .count();
        return reading.isUsable()
                ? answer.line(file + " can be used")
                : answer.ending(ExitCode.USAGE, ErrorCode.CONFIGURATION_INVALID, errors + " errors were found");
    }

    private static Map<String, Object> members(Finding finding) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("severity", finding.severity().name());
        members.put("line", finding.line());
        members.put("key", finding.key());
        members.put("message", finding.message());
        members.put("remedy", finding.remedy());
        return members;
    }
}
