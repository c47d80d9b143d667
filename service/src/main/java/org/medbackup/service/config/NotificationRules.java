package org.medbackup.service.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.medbackup.core.spi.notify.ChannelProvider;
import org.medbackup.documents.Yaml;
import org.medbackup.service.config.Finding.Severity;

/** What the schema cannot say of channels and of who is told. */
final class NotificationRules {

    private static final String AT = "/escalation";

    private final Yaml yaml;
    private final ConnectionRules connections;
    private final Map<String, ChannelProvider> kinds = new HashMap<>();
    private final List<Finding> findings = new ArrayList<>();

    NotificationRules(Yaml yaml, Collection<ChannelProvider> providers, Map<String, String> environment) {
        this.yaml = yaml;
        this.connections = new ConnectionRules("channel", environment, this::add);
        providers.forEach(provider -> provider.kinds().forEach(kind -> kinds.put(kind, provider)));
    }

    List<Finding> check(Configuration configuration) {
        configuration.channels().values().forEach(this::channel);
        EscalationEntry escalation = configuration.escalation();
        Set<String> names = configuration.channels().keySet();
        named("warning", escalation.warning(), names);
        named("error", escalation.error(), names);
        for (int i = 0; i < escalation.critical().size(); i++) {
            named("critical/" + i, escalation.critical().get(i), names);
        }
        if (escalation.tellsSomebody()
                && (escalation.error().isEmpty() || escalation.critical().isEmpty())) {
            add(
                    Severity.ERROR,
                    AT,
                    "nobody is told of errors, or of what is critical",
                    "Name channels under error and under critical.");
        }
        if (!names.isEmpty() && !escalation.tellsSomebody()) {
            add(
                    Severity.WARNING,
                    "/channels",
                    "nobody is told over them",
                    "Name them under escalation: warning, error, critical.");
        }
        quiet(escalation.quietWindow(), configuration.governor());
        return findings;
    }

    private void add(Severity severity, String pointer, String message, String remedy) {
        findings.add(new Finding(severity, yaml.at(pointer).line(), Keys.dotted(pointer), message, remedy));
    }

    private void channel(ChannelEntry entry) {
        String at = Yaml.pointer("/channels", entry.name());
        connections.address(entry.address(), at + "/address");
        ChannelProvider provider = kinds.get(entry.address().getScheme());
        if (provider == null) {
            connections.unserved(entry.address().getScheme(), at + "/address", "channel", kinds.keySet());
        } else {
            connections.options(entry.options(), entry.secrets(), at, provider.options());
        }
        entry.secrets()
                .forEach((name, reference) -> connections.secret(Yaml.pointer(at + "/secrets", name), reference));
    }

    private void named(String key, List<String> channels, Set<String> known) {
        for (String each : channels) {
            if (!known.contains(each)) {
                add(
                        Severity.ERROR,
                        AT + "/" + key,
                        "there is no channel " + each,
                        Keys.nearest(each, known)
                                .map(near -> "Did you mean " + near + "?")
                                .orElse("Name one of this file, under channels."));
            }
        }
    }

    private void quiet(String window, GovernorEntry governor) {
        Set<String> windows =
                governor.windows().stream().map(each -> each.window().name()).collect(Collectors.toSet());
        if (!window.isEmpty() && !windows.contains(window)) {
            add(
                    Severity.ERROR,
                    AT + "/quietWindow",
                    "there is no window " + window,
                    Keys.nearest(window, windows)
                            .map(near -> "Did you mean " + near + "?")
                            .orElse("Name a window of the governor's section."));
        }
    }
}
