package org.medbackup.app.postgresql.patroni;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.postgresql.Role;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.tls.Authorities;

/**
 * Asks the members of a Patroni cluster, one after the other, who leads and who follows. Any member can answer for all. Until
 * the deadline it asks again: while a new leader is chosen there is none.
 *
 * @param members where their REST interfaces are
 * @param authorities PEM file of the only authorities to trust, or null for the JDK's
 * @param furthest bytes that a standby may be behind
 * @param time clocks
 */
public record Patroni(List<URI> members, @Nullable Path authorities, long furthest, TimeSource time) {

    private static final Duration ONE_ANSWER = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int LARGEST_ANSWER = 1 << 20;

    public Patroni {
        members = List.copyOf(members);
    }

    /**
     * Understands the options of a connection.
     *
     * @param urls of the members, with commas between them
     * @param authorities file of authorities, empty for the JDK's
     * @param furthest bytes as text
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#APPLICATION_URL_MALFORMED}
     */
    public static Patroni of(String urls, String authorities, String furthest, TimeSource time) {
        List<URI> members = new ArrayList<>();
        for (String url : urls.split(",")) {
            members.add(member(url.strip()));
        }
        if (!furthest.matches("[0-9]{1,15}")) {
            throw ErrorCode.APPLICATION_URL_MALFORMED.because("the option maximumLag is a number of bytes");
        }
        return new Patroni(
                members, authorities.isEmpty() ? null : Path.of(authorities), Long.parseLong(furthest), time);
    }

    private static URI member(String url) {
        if (url.matches("https?://([\\w.-]+|\\[[\\da-fA-F:.]+\\])(:\\d{1,5})?/?")) {
            return URI.create(url.replaceFirst("/$", "") + "/cluster");
        }
        throw ErrorCode.APPLICATION_URL_MALFORMED.because(
                "the option patroni is a list of URLs such as https://host:8008, without a user");
    }

    /**
     * The member that is to be spoken with.
     *
     * @throws org.medbackup.core.error.UnavailableException with {@link ErrorCode#APPLICATION_UNREACHABLE} where until the
     *     deadline nobody answered, or nobody had the role
     */
    public Member choose(Role role, Deadline deadline) {
        try (HttpClient client = client()) {
            while (true) {
                BackupException failure;
                try {
                    Member chosen = chosen(role, ask(client, deadline));
                    if (chosen != null) {
                        return chosen;
                    }
                    failure = ErrorCode.APPLICATION_UNREACHABLE.because(
                            "no member of the cluster is now a " + role.word() + " that can be taken");
                } catch (BackupException nobody) {
                    failure = nobody;
                }
                if (failure.code() != ErrorCode.APPLICATION_UNREACHABLE
                        || deadline.remaining().compareTo(PAUSE) <= 0) {
                    throw failure;
                }
                time.sleep(PAUSE);
            }
        }
    }

    private @Nullable Member chosen(Role role, Members cluster) {
        return switch (role) {
            case ANY, PRIMARY -> cluster.leader();
            case STANDBY -> cluster.follower(furthest);
            case PREFER_STANDBY -> {
                Member follower = cluster.follower(furthest);
                yield follower == null ? cluster.leader() : follower;
            }
        };
    }

    private Members ask(HttpClient client, Deadline deadline) {
        BackupException failure = null;
        for (URI each : members) {
            try {
                return Members.parse(answer(client, each, deadline));
            } catch (BackupException next) {
                if (next.code() == ErrorCode.CANCELLED) {
                    throw next;
                }
                failure = next;
            }
        }
        throw ErrorCode.APPLICATION_UNREACHABLE.because("no member's Patroni answers", failure);
    }

    private byte[] answer(HttpClient client, URI member, Deadline deadline) {
        Duration left = deadline.remaining().plusMillis(1);
        HttpRequest request = HttpRequest.newBuilder(member)
                .timeout(left.compareTo(ONE_ANSWER) < 0 ? left : ONE_ANSWER)
                .header("Accept", "application/json")
                .GET()
                .build();
        try {
            HttpResponse<byte[]> answer =
                    client.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER));
            if (answer.statusCode() == 200) {
                return answer.body();
            }
            throw ErrorCode.APPLICATION_UNREACHABLE.because("Patroni answered with status " + answer.statusCode());
        } catch (IOException lost) {
            throw ErrorCode.APPLICATION_UNREACHABLE.because("no answer of Patroni", lost);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while waiting for Patroni", interrupted);
        }
    }

    private HttpClient client() {
        HttpClient.Builder client =
                HttpClient.newBuilder().connectTimeout(ONE_ANSWER).followRedirects(HttpClient.Redirect.NEVER);
        if (authorities != null) {
            client.sslContext(Authorities.only(authorities, "patroniCaFile", ErrorCode.CREDENTIAL_UNREADABLE));
        }
        return client.build();
    }
}
