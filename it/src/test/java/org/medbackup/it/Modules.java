package org.medbackup.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The modules of the product as they were built, by the names of their folders. */
final class Modules {

    static final Path ROOT = Path.of(System.getProperty("medbackup.root"));

    private Modules() {}

    /** Folders of compiled classes of all modules that have a descriptor. */
    static Map<String, Path> classes() {
        Map<String, Path> found = new TreeMap<>();
        for (Path parent : List.of(ROOT, ROOT.resolve("plugins"))) {
            try (Stream<Path> folders = Files.list(parent)) {
                folders.filter(folder -> Files.exists(folder.resolve("target/classes/module-info.class")))
                        .forEach(
                                folder -> found.put(folder.getFileName().toString(), folder.resolve("target/classes")));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
        return found;
    }

    static ModuleDescriptor descriptor(Path classes) {
        return ModuleFinder.of(classes).findAll().stream()
                .map(ModuleReference::descriptor)
                .findFirst()
                .orElseThrow();
    }
}
