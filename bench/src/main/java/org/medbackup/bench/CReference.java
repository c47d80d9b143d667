package org.medbackup.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;
import org.medbackup.linux.CpuTime;

/** A walk by getdents64 and statx written in C, compiled with -O2 and called in this process. */
final class CReference {

    private static final List<String> COMPILERS = List.of("cc", "gcc", "clang");

    private final MethodHandle walk;

    private CReference(MethodHandle walk) {
        this.walk = walk;
    }

    /** Compiles it; empty where there is no C compiler. */
    static Optional<CReference> compile(Path folder) {
        Path source = folder.resolve("walk.c");
        Path library = folder.resolve("walk.so");
        try (InputStream text = CReference.class.getResourceAsStream("walk.c")) {
            if (text == null) {
                throw new IOException("the source of the reference is missing");
            }
            Files.copy(text, source);
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("the reference cannot be written", failed);
        }
        for (String compiler : COMPILERS) {
            if (compiles(compiler, source, library)) {
                SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
                return symbols.find("medbackup_walk")
                        .map(address -> new CReference(Linker.nativeLinker()
                                .downcallHandle(address, FunctionDescriptor.of(JAVA_LONG, ADDRESS))));
            }
        }
        return Optional.empty();
    }

    private static boolean compiles(String compiler, Path source, Path library) {
        try {
            return Processes.system()
                    .run(Command.of(compiler, "-O2", "-shared", "-fPIC", "-o", library.toString(), source.toString()))
                    .succeeded();
        } catch (org.medbackup.core.error.FailedException absent) {
            return false;
        }
    }

    /** Walks a tree that must have so many entries; gives the rate on the calling thread's processor time. */
    double entriesPerSecond(Path tree, long entries) {
        try (Arena arena = Arena.ofConfined()) {
            var path = arena.allocateFrom(tree.toString());
            long before = CpuTime.ofThread().toNanos();
            long found = (long) walk.invokeExact(path);
            long used = CpuTime.ofThread().toNanos() - before;
            if (found != entries) {
                throw ErrorCode.INTERNAL.because("the reference found " + found + " entries, not " + entries);
            }
            return found / (used / 1e9);
        } catch (RuntimeException | Error known) {
            throw known;
        } catch (Throwable unforeseen) {
            throw new IllegalStateException("a bound function failed", unforeseen);
        }
    }
}
