package org.medbackup.testreport;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Gives each test of a plan its name; the same in each run, and to no other test. */
final class NodeNames {

    private static final String SOURCES = "src/test/java";

    private final TestPlan plan;
    private final String sources;
    private final PathRedactor redactor;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, String> ids = new HashMap<>();
    private final Set<String> taken = new HashSet<>();

    NodeNames(TestPlan plan, String modulePrefix, PathRedactor redactor) {
        this.plan = plan;
        this.sources = modulePrefix + SOURCES;
        this.redactor = redactor;
    }

    /**
     * The test's node id. Of tests with one name the first that is asked for has it as it is, the others with a number:
     * ask in the order of the plan, not in that of the execution, which may be parallel.
     */
    String idOf(TestIdentifier test) {
        lock.lock();
        try {
            return ids.computeIfAbsent(
                    test.getUniqueId(), _ -> unused(nameOf(test).id(), taken));
        } finally {
            lock.unlock();
        }
    }

    /** The name itself, or with the first number that nothing else has; takes it. */
    static String unused(String name, Set<String> taken) {
        String candidate = name;
        for (int n = 2; !taken.add(candidate); n++) {
            candidate = name + "#" + n;
        }
        return candidate;
    }

    NodeName nameOf(TestIdentifier test) {
        String file = sources;
        String method = "";
        List<String> classes = new ArrayList<>();
        List<String> invocations = new ArrayList<>();
        for (TestIdentifier node : path(test)) {
            if (isInvocation(node)) {
                invocations.add(invocation(node.getDisplayName()));
            } else if (node.getSource().orElse(null) instanceof ClassSource source) {
                // Nested classes go by where they run: one that is inherited has another class around it in the source.
                if (classes.isEmpty()) {
                    classes.addAll(chain(source.getJavaClass()));
                    file = sources + "/" + fileOf(source.getJavaClass(), classes.getFirst());
                } else {
                    classes.add(source.getJavaClass().getSimpleName());
                }
            } else {
                method = node.getSource()
                        .filter(MethodSource.class::isInstance)
                        .map(source -> ((MethodSource) source).getMethodName())
                        .orElseGet(() -> redactor.redactName(node.getDisplayName()));
            }
        }
        return new NodeName(file, classes, method, invocations);
    }

    /** The test method that the test is, or is an invocation of. */
    Optional<MethodSource> methodOf(TestIdentifier test) {
        return path(test).reversed().stream()
                .flatMap(node -> node.getSource().stream())
                .filter(MethodSource.class::isInstance)
                .map(MethodSource.class::cast)
                .findFirst();
    }

    /** From below the engine down to the test; the engine itself if that is what is asked for. */
    private List<TestIdentifier> path(TestIdentifier test) {
        Deque<TestIdentifier> path = new ArrayDeque<>();
        Optional<TestIdentifier> node = Optional.of(test);
        while (node.isPresent()) {
            Optional<TestIdentifier> parent = plan.getParent(node.get());
            if (parent.isPresent() || path.isEmpty()) {
                path.addFirst(node.get());
            }
            node = parent;
        }
        return List.copyOf(path);
    }

    private static boolean isInvocation(TestIdentifier node) {
        String type = node.getUniqueIdObject().getLastSegment().getType();
        return type.endsWith("-invocation") || type.startsWith("dynamic-");
    }

    /** JUnit's own {@code [1] min = 1} becomes {@code 1-min = 1}; what a test says itself stays. */
    private String invocation(String display) {
        return redactor.redactName(display)
                .replaceFirst("^\\[(\\d+)] ?(?=.)", "$1-")
                .replaceFirst("^\\[(\\d+)]$", "$1");
    }

    private static List<String> chain(Class<?> type) {
        Deque<String> names = new ArrayDeque<>();
        for (Class<?> each = type; each != null; each = each.getEnclosingClass()) {
            names.addFirst(each.getSimpleName());
        }
        return List.copyOf(names);
    }

    private static String fileOf(Class<?> type, String outermost) {
        String folder = type.getPackageName().replace('.', '/');
        return (folder.isEmpty() ? "" : folder + "/") + outermost + ".java";
    }
}
