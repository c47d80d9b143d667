package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** One module is one room with one door: its exported package. */
class DescriptorsTest {

    /** Rooms with another door than the package of their own name alone. */
    private static final Map<String, Set<String>> DOORS = Map.ofEntries(
            Map.entry(
                    "core",
                    Set.of(
                            "org.medbackup.core",
                            "org.medbackup.core.calendar",
                            "org.medbackup.core.error",
                            "org.medbackup.core.event",
                            "org.medbackup.core.health",
                            "org.medbackup.core.process",
                            "org.medbackup.core.spi.app",
                            "org.medbackup.core.spi.notify",
                            "org.medbackup.core.spi.place",
                            "org.medbackup.core.spi.signal",
                            "org.medbackup.core.spi.snapshot",
                            "org.medbackup.core.spi.store",
                            "org.medbackup.core.spi.throttle",
                            "org.medbackup.core.tls")),
            Map.entry(
                    "governor",
                    Set.of("org.medbackup.governor", "org.medbackup.governor.adapt", "org.medbackup.governor.observe")),
            Map.entry("resilience", Set.of("org.medbackup.resilience", "org.medbackup.resilience.escalation")),
            Map.entry("scheduler", Set.of("org.medbackup.scheduler", "org.medbackup.scheduler.state")),
            Map.entry("notify-common", Set.of("org.medbackup.notify.common")),
            Map.entry("store-common", Set.of("org.medbackup.store.common")),
            Map.entry("documents", Set.of("org.medbackup.documents", "org.medbackup.documents.page")),
            Map.entry(
                    "linux",
                    Set.of("org.medbackup.linux", "org.medbackup.linux.sandbox", "org.medbackup.linux.snapshot")),
            Map.entry(
                    "audit", Set.of("org.medbackup.audit", "org.medbackup.audit.merkle", "org.medbackup.audit.report")),
            Map.entry("service", Set.of("org.medbackup.service", "org.medbackup.service.config")),
            Map.entry("cli", Set.of()),
            Map.entry(
                    "recovery",
                    Set.of(
                            "org.medbackup.recovery",
                            "org.medbackup.recovery.evidence",
                            "org.medbackup.recovery.learn",
                            "org.medbackup.recovery.rotation",
                            "org.medbackup.recovery.plan",
                            "org.medbackup.recovery.simulate")));

    private static Map<String, ModuleDescriptor> descriptors() {
        Map<String, ModuleDescriptor> descriptors = new TreeMap<>();
        Modules.classes().forEach((name, classes) -> descriptors.put(name, Modules.descriptor(classes)));
        return descriptors;
    }

    /** Adapters are found by the service loader and export nothing. */
    private static Set<String> door(String module) {
        return isAdapter(module) ? Set.of() : DOORS.getOrDefault(module, Set.of("org.medbackup." + module));
    }

    private static boolean isAdapter(String module) {
        boolean channel = module.startsWith("notify-") && !module.equals("notify-common");
        boolean store = module.startsWith("store-") && !module.equals("store-common");
        return module.startsWith("app-") || store || channel;
    }

    private static Set<String> exports(ModuleDescriptor module) {
        return module.exports().stream().map(ModuleDescriptor.Exports::source).collect(Collectors.toSet());
    }

    private static Set<String> requires(ModuleDescriptor module) {
        return module.requires().stream()
                .filter(each -> !each.modifiers().contains(Requires.Modifier.STATIC))
                .map(Requires::name)
                .filter(name -> !name.equals("java.base"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyModuleExportsItsDoorAndNothingElse() {
        assertThat(descriptors())
                .hasSizeGreaterThanOrEqualTo(15)
                .allSatisfy(
                        (name, module) -> assertThat(exports(module)).as(name).isEqualTo(door(name)));
    }

    @Test
    void everyModuleIsARoomOfTheArchitecture() throws IOException {
        String map = Files.readString(Modules.ROOT.resolve("ARCHITECTURE.md"));

        assertThat(descriptors().keySet())
                .allSatisfy(name -> assertThat(map).containsAnyOf("`" + name + "`", "plugins/" + name));
    }

    @Test
    void coreNeedsNothingButTheJdk() {
        assertThat(requires(descriptors().get("core"))).isEmpty();
    }

    /** The launcher resolves what is named; tests would find these without. */
    @Test
    void whatTheLibraryForPdfNeedsAndCannotSayIsNamed() {
        assertThat(requires(descriptors().get("documents"))).contains("java.desktop", "org.apache.commons.logging");
    }

    @Test
    void packagesInsideARoomAreOpenToTheArgumentParserAlone() {
        Map<String, Set<String>> opened = new HashMap<>();
        descriptors()
                .forEach((name, module) ->
                        module.opens().forEach(each -> opened.put(name + " " + each.source(), each.targets())));

        assertThat(opened).isEqualTo(Map.of("cli org.medbackup.cli", Set.of("info.picocli")));
    }

    @Test
    void adaptersAreFoundAndNeverNamed() {
        Map<String, ModuleDescriptor> all = descriptors();

        List<String> plugins =
                all.keySet().stream().filter(DescriptorsTest::isAdapter).toList();
        assertThat(plugins).hasSizeGreaterThanOrEqualTo(7);
        for (String plugin : plugins) {
            assertThat(all.get(plugin).provides()).as(plugin).isNotEmpty();
            String module = all.get(plugin).name();
            assertThat(all.values()).noneMatch(each -> requires(each).contains(module));
        }
        assertThat(all.get("service").uses())
                .containsExactlyInAnyOrder(
                        "org.medbackup.core.spi.app.ApplicationProvider",
                        "org.medbackup.core.spi.app.ContentCheck",
                        "org.medbackup.core.spi.notify.ChannelProvider",
                        "org.medbackup.core.spi.store.StoreGateway",
                        "org.medbackup.core.spi.store.StoreProvider");
    }
}
