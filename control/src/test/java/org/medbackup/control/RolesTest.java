package org.medbackup.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Role by route: who may call what. What is not here is denied. */
class RolesTest {

    private static final String TABLE = """
            listJobs            viewer operator auditor
            getJob              viewer operator auditor
            listRestorePoints   viewer operator auditor
            startJob            operator
            pauseJob            operator
            resumeJob           operator
            cancelJob           operator
            listRuns            viewer operator auditor
            getRun              viewer operator auditor
            cancelRun           operator
            streamEvents        viewer operator auditor
            listIncidents       viewer operator auditor
            acknowledgeIncident operator
            listApprovals       viewer operator auditor approver
            signApproval        approver
            getForecast         viewer operator
            listObjects         viewer operator auditor
            getMetrics          viewer operator monitor
            getLive             viewer operator auditor worker monitor
            getReady            viewer operator auditor worker monitor
            getOpenApi          viewer operator auditor worker monitor
            """;

    @TempDir
    static Path temp;

    static Site site;

    @BeforeAll
    static void open() throws IOException {
        site = new Site(temp);
    }

    @AfterAll
    static void close() {
        site.close();
    }

    private static List<String> callers() {
        List<String> callers =
                new ArrayList<>(Stream.of(Role.values()).map(Identities::name).toList());
        callers.add("nobody");
        return callers;
    }

    static Stream<Arguments> everyRoleOnEveryRoute() {
        return Site.DOCUMENT.operations().stream()
                .flatMap(operation -> callers().stream()
                        .map(caller -> Arguments.of(caller, operation.route().operation(), operation)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource
    void everyRoleOnEveryRoute(String caller, String name, ApiOperation operation) {
        boolean allowed = TABLE.lines()
                .map(line -> List.of(line.split(" +")))
                .filter(words -> words.getFirst().equals(name))
                .anyMatch(words -> words.contains(caller));
        String path = operation
                .template()
                .replace("{name}", "nightly")
                .replace("{id}", name.contains("Incident") ? FakeControl.INCIDENT : FakeControl.FINISHED);
        int before = site.audited.size();
        int calls = site.control.calls.size();

        HttpResponse<String> response = site.as(caller, operation.method(), path, null);

        assertThat(response.statusCode() != 403).isEqualTo(allowed);
        if (!allowed) {
            assertThat(Site.json(response).text("code")).isEqualTo("CONTROL_DENIED");
            assertThat(site.control.calls).hasSize(calls);
            boolean told = operation.changes() && !caller.equals("nobody");
            assertThat(site.audited.subList(before, site.audited.size()))
                    .hasSize(told ? 1 : 0)
                    .allSatisfy(call -> {
                        assertThat(call.allowed()).isFalse();
                        assertThat(call.action()).isEqualTo(name);
                    });
        }
    }

    @Test
    void everyRouteStandsInTheTable() {
        assertThat(TABLE.lines().map(line -> line.split(" ")[0]))
                .containsExactly(Stream.of(Route.values()).map(Route::operation).toArray(String[]::new));
    }

    @Test
    void whoHasNoRoleIsNotEvenToldWhatIsServed() {
        assertThat(site.as("nobody", "GET", "/nothing", null).statusCode()).isEqualTo(403);
    }

    @Test
    void aSubjectThatIsNoneOrStandsTwiceIsRefused() {
        assertThatThrownBy(() -> RoleMap.of(Map.of("anna", Set.of(Role.VIEWER))))
                .hasMessageContaining("no subject");
        assertThatThrownBy(() -> RoleMap.of(
                        Map.of("CN=anna,O=Clinic", Set.of(Role.VIEWER), "cn=Anna, o=clinic", Set.of(Role.OPERATOR))))
                .hasMessageContaining("twice");
    }
}
