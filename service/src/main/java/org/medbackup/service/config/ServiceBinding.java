package org.medbackup.service.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.medbackup.control.Role;
import org.medbackup.control.TlsFiles;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.Yaml;
import org.medbackup.scheduler.Missed;
import org.medbackup.scheduler.Overrun;

/** Makes the schedule of jobs, and what the daemon needs, of a document that keeps the schema. */
final class ServiceBinding {

    private static final String LAST = "last";
    private static final int LAST_DAY = -1;

    private final DocumentValues values;

    ServiceBinding(DocumentValues values) {
        this.values = values;
    }

    ScheduleEntry schedule(Members job, String at) {
        String rpo = values.text(job, at, "rpo");
        Members section = DocumentValues.members(job, "schedule");
        String in = at + "/schedule";
        ScheduleEntry none = ScheduleEntry.none();
        String every = values.text(section, in, "every");
        String jitter = values.text(section, in, "jitter");
        String priority = values.text(section, in, "priority");
        String missed = values.text(section, in, "missed");
        String overrun = values.text(section, in, "overrun");
        Set<Integer> monthDays = new HashSet<>();
        values.texts(section, in, "monthDays")
                .forEach(each -> monthDays.add(each.equals(LAST) ? LAST_DAY : Integer.parseInt(each)));
        return new ScheduleEntry(
                rpo == null ? null : Spans.parse(rpo),
                values.texts(section, in, "at").stream().map(LocalTime::parse).collect(Collectors.toSet()),
                Weekdays.of(values.texts(section, in, "days")),
                monthDays,
                every == null ? null : Spans.parse(every),
                values.texts(section, in, "after"),
                Set.copyOf(values.texts(section, in, "windows")),
                Set.copyOf(values.texts(section, in, "blackouts")),
                missed == null ? none.missed() : Missed.valueOf(constant(missed)),
                overrun == null ? none.overrun() : Overrun.valueOf(constant(overrun)),
                jitter == null ? Duration.ZERO : Spans.parse(jitter),
                priority == null ? 0 : Integer.parseInt(priority),
                Boolean.parseBoolean(values.text(section, in, "anyHost")));
    }

    private static String constant(String text) {
        return text.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    ServiceEntry service(Members root) {
        Members scheduler = DocumentValues.members(root, "scheduler");
        Members control = DocumentValues.members(root, "control");
        List<AuditSinkEntry> sinks = AuditSection.sinks(values, root);
        if (scheduler.values().isEmpty() && control.values().isEmpty() && sinks.isEmpty()) {
            return ServiceEntry.none();
        }
        String password = values.text(scheduler, "/scheduler", "password");
        return new ServiceEntry(
                text(scheduler, "/scheduler", "database"),
                text(scheduler, "/scheduler", "user"),
                password == null ? null : SecretReference.parse(password),
                text(scheduler, "/scheduler", "worker"),
                count(scheduler, "runs", ServiceEntry.RUNS),
                count(scheduler, "perHost", 1),
                count(scheduler, "perTarget", ServiceEntry.PER_TARGET),
                text(control, "/control", "listen"),
                tls(control),
                roles(control),
                text(control, "/control", "traces"),
                sinks);
    }

    private String text(Members of, String at, String name) {
        String text = values.text(of, at, name);
        return text == null ? "" : text;
    }

    private int count(Members of, String name, int otherwise) {
        return values.or(
                values.text(of, "/scheduler", name),
                "/scheduler/" + name,
                Integer.toString(otherwise),
                Integer::parseInt);
    }

    private @Nullable TlsFiles tls(Members control) {
        String certificate = values.text(control, "/control", "certificate");
        String key = values.text(control, "/control", "key");
        String clients = values.text(control, "/control", "clients");
        return certificate == null || key == null || clients == null
                ? null
                : new TlsFiles(Path.of(certificate), Path.of(key), Path.of(clients));
    }

    private Map<String, Set<Role>> roles(Members control) {
        var roles = new TreeMap<String, Set<Role>>();
        Members named = DocumentValues.members(control, "roles");
        named.values().keySet().forEach(subject -> {
            Set<Role> of = EnumSet.noneOf(Role.class);
            List<String> texts = DocumentValues.texts(named, subject);
            texts.forEach(each -> of.add(Role.valueOf(each.toUpperCase(Locale.ROOT))));
            values.keep(Yaml.pointer("/control/roles", subject), String.join(", ", texts));
            roles.put(subject, of);
        });
        return roles;
    }
}
