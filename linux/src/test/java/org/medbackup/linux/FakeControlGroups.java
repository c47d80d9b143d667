package org.medbackup.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Control groups as the kernel's documents describe them: version 1, whose groups have their files from the beginning, and
 * version 2, where a group other than the root has either processes or children with controllers, and files of a controller
 * only where its parent passes that on.
 */
final class FakeControlGroups implements ControlGroups {

    static final Path ROOT = Path.of("/sys/fs/cgroup");

    private static final Map<String, String> FIRST = Map.of(
            "cpu.cfs_period_us", "100000", "cpu.cfs_quota_us", "-1", "cpu.cfs_burst_us", "0", "cpu.shares", "1024");
    private static final Map<String, String> SECOND =
            Map.of("cpu.max", "max 100000", "cpu.max.burst", "0", "cpu.weight", "100");

    private final Map<Path, Map<String, String>> groups = new TreeMap<>();
    private final Map<Long, Path> members = new HashMap<>();
    private final Set<Path> marked = new HashSet<>();
    private final Set<Path> readOnly = new HashSet<>();
    private final boolean second;
    private String said = "";
    private boolean managed;
    private String refused = "none";

    private FakeControlGroups(boolean second) {
        this.second = second;
    }

    static FakeControlGroups first(String path, long process) throws IOException {
        var fake = new FakeControlGroups(false);
        fake.said = "4:memory:/elsewhere\n2:cpu,cpuacct:" + path + "\n1:name=systemd:" + path + "\n";
        fake.have(ROOT.resolve("cpu" + path), process);
        return fake;
    }

    static FakeControlGroups second(String path, long process) throws IOException {
        var fake = new FakeControlGroups(true);
        fake.said = "0::" + path + "\n";
        fake.have(ROOT.resolve("." + path).normalize(), process);
        return fake;
    }

    private void have(Path group, long process) throws IOException {
        make(group);
        members.put(process, group);
    }

    FakeControlGroups managed(Path delegated) {
        managed = true;
        marked.add(delegated);
        return this;
    }

    FakeControlGroups readOnly(Path group) {
        readOnly.add(group);
        return this;
    }

    /** The kernel takes no more writes to a file of this name. */
    FakeControlGroups refusing(String file) {
        refused = file;
        return this;
    }

    FakeControlGroups saying(String text) {
        said = text;
        return this;
    }

    FakeControlGroups with(long process, Path group) {
        groups.computeIfAbsent(group, _ -> new HashMap<>(second ? Map.of() : FIRST));
        members.put(process, group);
        return this;
    }

    void end(long process) {
        members.remove(process);
    }

    Path groupOf(long process) {
        return members.getOrDefault(process, Path.of("/nowhere"));
    }

    Set<Path> groups() {
        return groups.keySet();
    }

    @Override
    public String of(long process) {
        return said;
    }

    @Override
    public void make(Path group) throws IOException {
        Map<String, String> files = new HashMap<>();
        if (second) {
            files.put("cgroup.controllers", "cpuset cpu io");
            files.put("cgroup.subtree_control", "");
        } else {
            files.putAll(FIRST);
        }
        if (groups.putIfAbsent(group, files) != null) {
            throw new IOException("EEXIST");
        }
        pass(parent(group));
    }

    private static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent());
    }

    private Map<String, String> files(Path group) throws IOException {
        Map<String, String> files = groups.get(group);
        if (files == null) {
            throw new IOException("ENOENT");
        }
        return files;
    }

    private void pass(Path parent) {
        Map<String, String> above = groups.get(parent);
        if (second
                && above != null
                && above.getOrDefault("cgroup.subtree_control", "").contains("cpu")) {
            groups.forEach((path, files) -> {
                if (parent.equals(path.getParent())) {
                    SECOND.forEach(files::putIfAbsent);
                }
            });
        }
    }

    @Override
    public void remove(Path group) throws IOException {
        if (!groups.containsKey(group) || members.containsValue(group)) {
            throw new IOException("EBUSY");
        }
        groups.remove(group);
    }

    @Override
    public String read(Path file) throws IOException {
        String text = files(parent(file)).get(file.getFileName().toString());
        if (text == null) {
            throw new IOException("ENOENT");
        }
        return text;
    }

    @Override
    public void write(Path file, String text) throws IOException {
        Path group = parent(file);
        String name = file.getFileName().toString();
        if (name.equals(refused)) {
            throw new IOException("EINVAL");
        }
        switch (name) {
            case "cgroup.procs" -> {
                if (second
                        && !group.equals(ROOT)
                        && !read(group.resolve("cgroup.subtree_control")).isEmpty()) {
                    throw new IOException("EBUSY");
                }
                members.put(Long.valueOf(text), group);
            }
            case "cgroup.subtree_control" -> {
                if (!group.equals(ROOT) && members.containsValue(group)) {
                    throw new IOException("EBUSY");
                }
                files(group).put(name, text.substring(1));
                pass(group);
            }
            default -> {
                read(file);
                refuseBurstAboveQuota(group, name, text);
                files(group).put(name, text);
            }
        }
    }

    /** What is left for later is at most the quota, before and after a change of either. */
    private void refuseBurstAboveQuota(Path group, String name, String text) throws IOException {
        Map<String, String> after = new HashMap<>(files(group));
        after.put(name, text);
        if (!name.startsWith("cpu.")) {
            return;
        }
        String quota =
                after.getOrDefault(second ? "cpu.max" : "cpu.cfs_quota_us", "").split(" ")[0];
        long burst = Long.parseLong(after.getOrDefault(second ? "cpu.max.burst" : "cpu.cfs_burst_us", "0"));
        if (quota.matches("[0-9]+") && burst > Long.parseLong(quota)) {
            throw new IOException("EINVAL");
        }
    }

    @Override
    public Iterable<String> in(Path group) {
        return List.copyOf(groups.keySet()).stream()
                .filter(path -> group.equals(path.getParent()))
                .map(path -> path.getFileName().toString())
                .toList();
    }

    @Override
    public boolean isAlive(long process) {
        return members.containsKey(process);
    }

    @Override
    public boolean hasServiceManager() {
        return managed;
    }

    @Override
    public boolean isMarked(Path group) {
        return marked.contains(group);
    }

    @Override
    public boolean isWritable(Path group) {
        return !readOnly.contains(group);
    }
}
