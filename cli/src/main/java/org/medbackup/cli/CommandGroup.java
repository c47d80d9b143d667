package org.medbackup.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only has commands of its own; without one of them it says which there are. */
abstract class CommandGroup implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command is called
    CommandSpec spec;

    @Override
    public final void run() {
        var names = spec.subcommands().keySet();
        String needs = (names.size() == 1 ? " needs " : " needs one of ") + String.join(", ", names);
        throw new ParameterException(spec.commandLine(), spec.name() + needs);
    }
}
