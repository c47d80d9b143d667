package org.medbackup.service;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.process.Processes;
import org.medbackup.engine.EngineContext;
import org.medbackup.governor.Governor;
import org.medbackup.governor.Limits;
import org.medbackup.governor.ProcessorFence;
import org.medbackup.service.config.Configuration;

/**
 * What the product works with.
 *
 * @param state folder for the audit trail, caches and the key of this host
 * @param actor who calls, as the audit trail records it
 * @param listener hears every event beside the audit trail
 * @param sizing how much of the machine may be used
 * @param tool name and version of the calling program, as manifests keep it
 * @param time clocks
 * @param entropy randomness
 * @param processes other programs
 * @param governor keeps what all operations together use within limits
 * @param limits on each operation alone
 * @param configuration what the configuration file says
 * @param environment of this process, for secrets that the configuration refers to
 * @param fence makes a second fence of processor time, at the first limit
 * @param caller what the caller shows under rules of access
 */
public record Settings(
        Path state,
        Actor actor,
        EventSink listener,
        EngineContext.Sizing sizing,
        String tool,
        TimeSource time,
        Entropy entropy,
        Processes processes,
        Governor governor,
        Limits limits,
        Configuration configuration,
        Map<String, String> environment,
        Supplier<Optional<? extends ProcessorFence>> fence,
        Caller caller) {

    public Settings {
        environment = Map.copyOf(environment);
    }

    /** Of a caller who shows nothing. */
    public Settings(
            Path state,
            Actor actor,
            EventSink listener,
            EngineContext.Sizing sizing,
            String tool,
            TimeSource time,
            Entropy entropy,
            Processes processes,
            Governor governor,
            Limits limits,
            Configuration configuration,
            Map<String, String> environment,
            Supplier<Optional<? extends ProcessorFence>> fence) {
        this(
                state,
                actor,
                listener,
                sizing,
                tool,
                time,
                entropy,
                processes,
                governor,
                limits,
                configuration,
                environment,
                fence,
                Caller.USUAL);
    }

    /** Without a configuration. */
    public Settings(
            Path state,
            Actor actor,
            EventSink listener,
            EngineContext.Sizing sizing,
            String tool,
            TimeSource time,
            Entropy entropy,
            Processes processes,
            Governor governor) {
        this(
                state,
                actor,
                listener,
                sizing,
                tool,
                time,
                entropy,
                processes,
                governor,
                Limits.none(),
                Configuration.none(),
                Map.of(),
                Optional::empty);
    }

    /** The settings of this machine for a state folder and a caller. */
    public static Settings of(Path state, Actor actor) {
        return new Settings(
                state,
                actor,
                EventSink.none(),
                EngineContext.Sizing.ofThisMachine(),
                "medbackup",
                TimeSource.system(),
                Entropy.system(),
                Processes.system(),
                Governor.of(Limits.none()));
    }

    /** Numbers that nobody needs to keep secret, such as lengths of pauses. */
    RandomGenerator random() {
        return () -> ByteBuffer.wrap(entropy.bytes(Long.BYTES)).getLong();
    }

    /** The same with another state folder. */
    Settings at(Path folder) {
        return new Settings(
                folder,
                actor,
                listener,
                sizing,
                tool,
                time,
                entropy,
                processes,
                governor,
                limits,
                configuration,
                environment,
                fence,
                caller);
    }

    /** The same where the caller shows something. */
    public Settings calledBy(Caller other) {
        return new Settings(
                state,
                actor,
                listener,
                sizing,
                tool,
                time,
                entropy,
                processes,
                governor,
                limits,
                configuration,
                environment,
                fence,
                other);
    }

    /** The same with somebody who hears every event. */
    public Settings with(EventSink other) {
        return copy(other, sizing, tool, limits, configuration, environment, fence);
    }

    /** The same for a program of another name. */
    public Settings madeBy(String program) {
        return copy(listener, sizing, program, limits, configuration, environment, fence);
    }

    /** The same with another share of the machine. */
    public Settings with(EngineContext.Sizing other) {
        return copy(listener, other, tool, limits, configuration, environment, fence);
    }

    /**
     * The same with a configuration.
     *
     * @param variables of this process, for secrets that the configuration refers to
     */
    public Settings with(Configuration file, Map<String, String> variables) {
        return copy(listener, sizing, tool, limits, file, variables, fence);
    }

    /** The same with limits on each operation alone. */
    public Settings limitedTo(Limits own) {
        return copy(listener, sizing, tool, own, configuration, environment, fence);
    }

    /** The same with a second fence of processor time; see {@link Background#fence}. */
    public Settings fencedBy(Supplier<Optional<? extends ProcessorFence>> second) {
        return copy(listener, sizing, tool, limits, configuration, environment, second);
    }

    private Settings copy(
            EventSink heard,
            EngineContext.Sizing share,
            String program,
            Limits own,
            Configuration file,
            Map<String, String> variables,
            Supplier<Optional<? extends ProcessorFence>> second) {
        return new Settings(
                state, actor, heard, share, program, time, entropy, processes, governor, own, file, variables, second,
                caller);
    }
}
