package org.medbackup.app.http;

import java.net.URI;
import java.time.Duration;
import java.util.HexFormat;
import org.medbackup.core.Deadline;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Connection;

/**
 * Quiesces and resumes. An answer that was lost is not guessed at: the state is asked before anything is repeated, and what
 * is repeated carries the same idempotency key.
 */
final class Quiescence {

    /** Between two looks at a state that is on its way. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Api api;
    private final Api.Authorization authorization;
    private final Endpoint quiesce;
    private final Endpoint status;
    private final Endpoint resume;
    private final String pointer;
    private final String frozen;
    private final String running;

    Quiescence(Api api, Api.Authorization authorization, URI base, Connection connection) {
        this.api = api;
        this.authorization = authorization;
        this.quiesce = Endpoint.of(base, "quiesce", connection.option("quiesce", "POST /quiesce"));
        this.status = Endpoint.of(base, "status", connection.option("status", "GET /status"));
        this.resume = Endpoint.of(base, "resume", connection.option("resume", "POST /resume"));
        this.pointer = connection.option("state", "/state");
        this.frozen = connection.option("frozenState", "quiesced");
        this.running = connection.option("runningState", "running");
        if (!pointer.startsWith("/") || frozen.equals(running)) {
            throw ErrorCode.APPLICATION_URL_MALFORMED.because(
                    "state is a JSON pointer, and frozenState is another than runningState");
        }
    }

    /** Method and address of one act. */
    private record Endpoint(String step, String method, URI target) {

        static Endpoint of(URI base, String step, String text) {
            String[] words = text.strip().split(" +", -1);
            if (words.length != 2 || !words[0].matches("[A-Z]+") || !words[1].startsWith("/")) {
                throw ErrorCode.APPLICATION_URL_MALFORMED.because(step + " is a method and a path, as POST /path");
            }
            return new Endpoint(step, words[0], URI.create(base + words[1]));
        }

        Api.Act act(String key) {
            return new Api.Act(step, method, target, "", "", key);
        }
    }

    /** Asks, again where the answer is lost. */
    Answer status(Deadline deadline) {
        for (int attempt = 0; ; attempt++) {
            try {
                return api.send(status.act(""), authorization, deadline);
            } catch (Api.Lost lost) {
                if (attempt == 3) {
                    throw ErrorCode.APPLICATION_UNREACHABLE.because("its interface gives no answer", lost);
                }
                api.pause(Api.backoff(attempt), status.step(), deadline);
            }
        }
    }

    private String state(Deadline deadline) {
        return status(deadline).at(pointer);
    }

    boolean saysFrozen(Answer answer) {
        return answer.at(pointer).equals(frozen);
    }

    boolean isFrozen(Deadline deadline) {
        return state(deadline).equals(frozen);
    }

    boolean isRunning(Deadline deadline) {
        return state(deadline).equals(running);
    }

    void quiesce(String run, Deadline deadline) {
        reach(quiesce, run + "-quiesce", frozen, deadline);
    }

    /**
     * Resumes, also when it says that it is running: a request to quiesce whose answer never came may still be on its way.
     * A refusal is none where the state is what was wanted.
     */
    void resume(String run, Deadline deadline) {
        try {
            reach(resume, run + "-resume", running, deadline);
        } catch (BackupException refused) {
            if (!isRunning(deadline)) {
                throw refused;
            }
        }
    }

    private void reach(Endpoint act, String key, String wanted, Deadline deadline) {
        // The same for every repetition of this act, and another one for the same act of a later attempt.
        String once = key + "-" + HexFormat.of().formatHex(Entropy.system().bytes(8));
        for (int attempt = 0; ; attempt++) {
            try {
                api.send(act.act(once), authorization, deadline);
                awaitState(act, wanted, deadline);
                return;
            } catch (Api.Lost lost) {
                api.pause(Api.backoff(attempt), act.step(), deadline);
                if (state(deadline).equals(wanted)) {
                    return;
                }
            }
        }
    }

    private void awaitState(Endpoint act, String wanted, Deadline deadline) {
        while (!state(deadline).equals(wanted)) {
            api.pause(PAUSE, act.step(), deadline);
        }
    }
}
