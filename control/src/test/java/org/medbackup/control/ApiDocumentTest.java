package org.medbackup.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

class ApiDocumentTest {

    private static final Members ROOT = Json.parseMembers(ControlServer.openApi());

    @Test
    void everyRouteIsInTheDocumentAndEveryOperationHasItsRoute() {
        assertThat(ROOT.text("openapi")).isEqualTo("3.1.0");
        assertThat(Site.DOCUMENT.operations().stream().map(ApiOperation::route))
                .containsExactlyInAnyOrder(Route.values());
    }

    @Test
    void aNameThatNobodyAnswersIsAnError() {
        assertThatThrownBy(() -> Route.of("deleteEverything")).hasMessageContaining("deleteEverything");
    }

    @Test
    void everyMethodOfTheJavaApiHasItsOperation() {
        Set<String> shown = Stream.of(Route.values()).map(Route::operation).collect(Collectors.toSet());
        var names = new java.util.TreeMap<String, String>();
        names.put("jobs", "listJobs");
        names.put("job", "getJob");
        names.put("startJob", "startJob");
        names.put("pause", "pauseJob");
        names.put("resume", "resumeJob");
        names.put("cancelJob", "cancelJob");
        names.put("cancelRun", "cancelRun");
        names.put("runs", "listRuns");
        names.put("run", "getRun");
        names.put("events", "streamEvents");
        names.put("incidents", "listIncidents");
        names.put("acknowledge", "acknowledgeIncident");
        names.put("approvals", "listApprovals");
        names.put("sign", "signApproval");
        names.put("forecast", "getForecast");
        names.put("objects", "listObjects");
        names.put("restorePoints", "listRestorePoints");
        names.put("health", "getReady");

        assertThat(Arrays.stream(BackupControl.class.getMethods()).map(java.lang.reflect.Method::getName))
                .containsExactlyInAnyOrderElementsOf(names.keySet());
        assertThat(shown).containsAll(names.values());
    }

    @Test
    void theDocumentSaysTheRolesThatTheServerAsksFor() {
        for (ApiOperation each : Site.DOCUMENT.operations()) {
            Members operation = ROOT.members("paths")
                    .members(each.template())
                    .members(each.method().toLowerCase(java.util.Locale.ROOT));
            Set<String> said = operation.items("x-roles").stream()
                    .map(role -> ((JsonValue.Text) role).value())
                    .collect(Collectors.toSet());
            Set<String> asked = Stream.of(Role.values())
                    .filter(role -> each.route().isOpenTo(Set.of(role)))
                    .map(Role::name)
                    .collect(Collectors.toSet());
            assertThat(said).as(each.template()).isEqualTo(asked);
        }
    }

    @Test
    void everyVariableOfAPathIsAParameter() {
        for (ApiOperation each : Site.DOCUMENT.operations()) {
            List<String> variables = Pattern.compile("\\{(.+?)}")
                    .matcher(each.template())
                    .results()
                    .map(found -> found.group(1))
                    .toList();
            assertThat(each.in("path").stream().map(Parameter::name)).containsExactlyElementsOf(variables);
        }
    }

    @Test
    void everyReferenceLeadsSomewhereAndEverythingIsReferredTo() {
        Set<String> used = new TreeSet<>();
        Pattern.compile("#/components/([A-Za-z]+/[A-Za-z]+)")
                .matcher(ControlServer.openApi())
                .results()
                .forEach(found -> used.add(found.group(1)));
        Set<String> there = new TreeSet<>();
        ROOT.members("components")
                .values()
                .forEach((kind, values) ->
                        ((Members) values).values().keySet().forEach(name -> there.add(kind + "/" + name)));
        there.remove("securitySchemes/certificate");

        assertThat(used).isEqualTo(there);
    }

    @Test
    void noFieldCanHoldAPath() {
        assertThat(ControlServer.openApi()).doesNotContain("\"path\":").doesNotContain("\"paths[]\"");
    }
}
