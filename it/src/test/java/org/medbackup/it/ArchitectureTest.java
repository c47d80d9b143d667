package org.medbackup.it;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.module.ModuleDescriptor;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of ARCHITECTURE.md over the classes as they were built. */
class ArchitectureTest {

    /** Ours; one module holds the classes of a library beside them. */
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(location -> location.contains("/org/medbackup/"))
            .importPaths(Modules.classes().values());

    /** Of whom each room may know; those that only tests use may know the JDK and each other's words. */
    private static final Map<String, List<String>> MAY_KNOW = Map.ofEntries(
            Map.entry("core", List.of()),
            Map.entry("linux", List.of("core")),
            Map.entry("documents", List.of("core")),
            Map.entry("engine", List.of("core", "linux", "documents")),
            Map.entry("apps", List.of("core", "documents")),
            Map.entry("governor", List.of("core", "linux")),
            Map.entry("resilience", List.of("core", "documents")),
            Map.entry("scheduler", List.of("core")),
            Map.entry("control", List.of("core", "documents")),
            Map.entry("telemetry", List.of("core")),
            Map.entry("notify", List.of("core")),
            Map.entry("identity", List.of("core")),
            Map.entry("stamp", List.of("core")),
            Map.entry("expressions", List.of("core")),
            Map.entry("access", List.of("core", "documents")),
            Map.entry("policy", List.of("core", "documents", "expressions")),
            Map.entry("recovery", List.of("core", "linux", "documents", "engine")),
            Map.entry("audit", List.of("core", "documents")),
            Map.entry("anomaly", List.of("core")),
            Map.entry("postgres", List.of("core")),
            Map.entry("store", List.of("core", "linux", "documents")),
            Map.entry("app", List.of("core", "linux", "postgres")),
            Map.entry(
                    "service",
                    List.of(
                            "core",
                            "linux",
                            "documents",
                            "engine",
                            "apps",
                            "governor",
                            "resilience",
                            "scheduler",
                            "control",
                            "telemetry",
                            "control",
                            "telemetry",
                            "recovery",
                            "access",
                            "policy",
                            "anomaly",
                            "audit")),
            Map.entry(
                    "demo",
                    List.of("core", "documents", "engine", "recovery", "audit", "postgres", "service", "corpus")),
            Map.entry("bench", List.of("core", "linux", "engine", "governor", "policy", "corpus")),
            Map.entry(
                    "cli",
                    List.of(
                            "core",
                            "documents",
                            "engine",
                            "governor",
                            "resilience",
                            "scheduler",
                            "access",
                            "anomaly",
                            "policy",
                            "recovery",
                            "audit",
                            "service",
                            "demo",
                            "bench")),
            Map.entry("corpus", List.of()),
            Map.entry("testkit", List.of("core", "corpus")));

    /** The package below {@code org.medbackup} that a class belongs to, empty for those of others. */
    private static String room(JavaClass each) {
        String[] names = each.getPackageName().split("\\.");
        return names.length > 2 && each.getPackageName().startsWith("org.medbackup.") ? names[2] : "";
    }

    private static DescribedPredicate<JavaClass> inRoom(String room) {
        return describe("in " + room, each -> room(each).equals(room));
    }

    @Test
    void everyRoomIsOnTheMap() {
        Set<String> rooms = new TreeSet<>();
        PRODUCT.forEach(each -> rooms.add(room(each)));

        assertThat(rooms).isEqualTo(new TreeSet<>(MAY_KNOW.keySet()));
    }

    @Test
    void aRoomKnowsThoseOfTheMapOnly() {
        MAY_KNOW.forEach((room, known) -> noClasses()
                .that(inRoom(room))
                .should()
                .dependOnClassesThat(describe(
                        "in a room that " + room + " may not know",
                        each -> !room(each).isEmpty() && !room(each).equals(room) && !known.contains(room(each))))
                .check(PRODUCT));
    }

    @Test
    void theCoreUsesTheJdkAlone() {
        classes()
                .that(inRoom("core"))
                .should()
                .onlyDependOnClassesThat(resideInAPackage("java..")
                        // Of the module java.base.
                        .or(resideInAPackage("javax.net.ssl.."))
                        .or(resideInAPackage("javax.crypto.."))
                        .or(resideInAPackage("org.medbackup.core.."))
                        .or(resideInAPackage("org.jspecify..")))
                .check(PRODUCT);
    }

    @Test
    void nobodyNamesAnAdapter() {
        noClasses()
                .that(resideInAPackage("org.medbackup..")
                        .and(DescribedPredicate.not(resideInAPackage("org.medbackup.store..")))
                        .and(DescribedPredicate.not(resideInAPackage("org.medbackup.app..")))
                        .and(DescribedPredicate.not(resideInAPackage("org.medbackup.notify..")))
                        .and(DescribedPredicate.not(resideInAPackage("org.medbackup.identity.."))))
                .should()
                .dependOnClassesThat(resideInAPackage("org.medbackup.store..")
                        .or(resideInAPackage("org.medbackup.app.."))
                        .or(resideInAPackage("org.medbackup.notify.."))
                        .or(resideInAPackage("org.medbackup.identity..")))
                .check(PRODUCT);
    }

    @Test
    void packagesHaveNoCycles() {
        // Inside a room everybody speaks the words of its door, and the door knows what is behind it.
        DescribedPredicate<JavaClass> door = describe(
                "the door of a room that has more behind it, or a connector's",
                each -> each.getPackageName().matches("org\\.medbackup\\.(engine|policy|app\\.[a-z]+)"));
        slices().matching("org.medbackup.(**)")
                .should()
                .beFreeOfCycles()
                .ignoreDependency(DescribedPredicate.alwaysTrue(), door)
                .check(PRODUCT);
    }

    private static DescribedPredicate<JavaAccess<?>> call(Class<?> type, String method) {
        return describe(
                type.getSimpleName() + "." + method,
                access -> access.getTargetOwner().isEquivalentTo(type)
                        && access.getName().equals(method));
    }

    /** Checks that only some classes access something. */
    private static void onlyIn(Set<String> allowed, List<DescribedPredicate<JavaAccess<?>>> what) {
        Set<String> users = new TreeSet<>();
        for (JavaClass each : PRODUCT) {
            boolean uses = each.getAccessesFromSelf().stream()
                    .anyMatch(access -> what.stream().anyMatch(rule -> rule.test(access)));
            if (uses) {
                users.add(each.getName().replaceAll("\\$.*", "").replaceFirst("org\\.medbackup\\.", ""));
            }
        }
        assertThat(users).as(what.toString()).isEqualTo(new TreeSet<>(allowed));
    }

    /** Whoever is to keep deletions from this process has to stand behind one method, and knows who calls it. */
    @Test
    void objectsAreDeletedByOnePort() {
        onlyIn(
                Set.of(
                        // What was never committed, and what nobody needs any more.
                        "engine.internal.collect.Collector",
                        "engine.internal.collect.Removal",
                        "engine.internal.collect.Tidying",
                        "engine.internal.commit.Slots",
                        "engine.internal.commit.TicketHolder",
                        "engine.internal.open.CreateOnly",
                        "engine.internal.open.RepositoryFiles",
                        "engine.internal.verify.Verification",
                        // A damaged object, whose bytes take its place.
                        "engine.internal.copy.ObjectRepair",
                        // Decorators, and the objects of a probe.
                        "resilience.RecoveringStore",
                        "service.ColdCopies",
                        "service.TargetProbe",
                        "service.TieredStore",
                        "store.hsm.HsmStore",
                        // Of the tests.
                        "testkit.FaultyStore",
                        "testkit.ForwardingStore",
                        "testkit.ObjectStoreContract"),
                List.of(call(org.medbackup.core.spi.store.ObjectStore.class, "delete")));
    }

    @Test
    void onlyTheLaunchersEntryEndsTheProcess() {
        onlyIn(
                Set.of("cli.Main"),
                List.of(
                        call(System.class, "exit"),
                        call(Runtime.class, "exit"),
                        call(Runtime.class, "halt"),
                        call(Runtime.class, "addShutdownHook")));
    }

    @Test
    void nobodyPrintsToTheProcessesOutputs() {
        onlyIn(Set.of(), List.of(call(System.class, "out"), call(System.class, "err")));
    }

    @Test
    void timeComesInThroughItsDoor() {
        onlyIn(
                Set.of("core.SystemTime"),
                List.of(
                        call(Thread.class, "sleep"),
                        call(java.time.Instant.class, "now"),
                        call(java.time.LocalDate.class, "now"),
                        call(java.time.LocalDateTime.class, "now"),
                        call(java.time.Clock.class, "systemUTC"),
                        call(System.class, "currentTimeMillis")));
    }

    @Test
    void theMonotonicClockIsReadByItsDoorAndByTheProgressBar() {
        onlyIn(
                Set.of(
                        "core.SystemTime",
                        "cli.Terminal",
                        // Of the tests: how long a run took, and a server that is a process of its own.
                        "testkit.Evidence",
                        "testkit.FreezableServer"),
                List.of(call(System.class, "nanoTime")));
    }

    @Test
    void randomnessComesInThroughItsDoor() {
        onlyIn(
                Set.of(
                        "core.SystemEntropy",
                        // Hand given bytes to the JDK, which takes randomness by this type alone.
                        "audit.note.NoteSigner",
                        "engine.internal.crypto.HybridKem",
                        "engine.internal.crypto.RawSignature",
                        "core.sign.SigningKey",
                        "store.sftp.Ed25519",
                        // Seeds that a long run of the tests prints.
                        "corpus.Seeds"),
                List.of(call(java.security.SecureRandom.class, "<init>")));
        onlyIn(
                Set.of(),
                List.of(
                        call(java.util.Random.class, "<init>"),
                        call(Math.class, "random"),
                        call(java.util.concurrent.ThreadLocalRandom.class, "current")));
    }

    @Test
    void onlyNamesOfTemporaryFilesAreRandomWithoutTheDoor() {
        onlyIn(
                Set.of(
                        "engine.RepositoryLog",
                        "engine.internal.index.SegmentCache",
                        "engine.internal.scan.ScanCacheWriter",
                        "store.file.FileStore"),
                List.of(call(java.util.UUID.class, "randomUUID")));
    }

    @Test
    void programsAreStartedThroughTheirDoor() {
        onlyIn(
                Set.of("core.process.SystemProcesses"),
                List.of(
                        call(ProcessBuilder.class, "<init>"),
                        call(ProcessBuilder.class, "start"),
                        call(Runtime.class, "exec")));
    }

    @Test
    void exportedSignaturesNameNoTypeOfOthers() {
        Set<String> exported = new HashSet<>();
        Modules.classes().forEach((name, classes) -> {
            // The contract suites are JUnit tests; that is what they are for.
            if (!name.equals("testkit")) {
                Modules.descriptor(classes).exports().stream()
                        .map(ModuleDescriptor.Exports::source)
                        .forEach(exported::add);
            }
        });
        Set<String> foreign = new TreeSet<>();
        for (JavaClass type : PRODUCT) {
            if (exported.contains(type.getPackageName()) && isOpen(type)) {
                type.getMembers().stream()
                        .filter(ArchitectureTest::isOpen)
                        .forEach(member -> named(member)
                                .filter(named -> !named.getPackageName()
                                        .matches("(java|javax\\.net\\.ssl|org\\.medbackup)(\\..*)?"))
                                .filter(named -> !named.isPrimitive())
                                .forEach(named -> foreign.add(member.getFullName() + " names " + named.getName())));
            }
        }
        assertThat(exported).hasSizeGreaterThan(15);
        assertThat(foreign).isEmpty();
    }

    private static boolean isOpen(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                || type.getModifiers().contains(JavaModifier.PROTECTED);
    }

    private static boolean isOpen(JavaMember member) {
        return member.getModifiers().contains(JavaModifier.PUBLIC)
                || member.getModifiers().contains(JavaModifier.PROTECTED);
    }

    private static Stream<JavaClass> named(JavaMember member) {
        Set<JavaClass> types = new HashSet<>(member.getAllInvolvedRawTypes());
        Set<JavaClass> elements = new HashSet<>();
        types.forEach(type -> elements.add(type.getBaseComponentType()));
        return elements.stream();
    }
}
