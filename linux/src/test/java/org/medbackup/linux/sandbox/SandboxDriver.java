package org.medbackup.linux.sandbox;

import java.time.Duration;
import java.util.List;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;

/** A process that makes a sandbox, and is killed. */
public final class SandboxDriver {

    private SandboxDriver() {}

    /** Says holder and namespace, and waits to be killed. */
    public static void main(String[] arguments) {
        try (NamespaceSandbox sandbox = NamespaceSandbox.open(Processes.system(), List.of());
                Processes.Running running = sandbox.start(Command.of("sh", "-c", "sleep 300 & exec sleep 300"))) {
            long first = ProcessHandle.of(sandbox.holder())
                    .orElseThrow()
                    .children()
                    .findFirst()
                    .orElseThrow()
                    .pid();
            System.out.println(sandbox.holder() + " " + Namespaces.of(first));
            running.await(Duration.ofMinutes(2));
        }
    }
}
