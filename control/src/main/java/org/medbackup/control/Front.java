package org.medbackup.control;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsExchange;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.security.auth.x500.X500Principal;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.JsonValue;

/** Takes a request: who is it, may they, is it understood; has it audited where it changes something, and answered. */
final class Front implements HttpHandler {

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    private final List<ApiOperation> operations;
    private final RoleMap roles;
    private final Predicate<X509Certificate[]> trusted;
    private final ControlAudit audit;
    private final Answers answers;
    private final EventStream streams;
    private final Consumer<Throwable> unforeseen;

    Front(
            List<ApiOperation> operations,
            RoleMap roles,
            Predicate<X509Certificate[]> trusted,
            ControlAudit audit,
            Answers answers,
            EventStream streams,
            Consumer<Throwable> unforeseen) {
        this.operations = List.copyOf(operations);
        this.roles = roles;
        this.trusted = trusted;
        this.audit = audit;
        this.answers = answers;
        this.streams = streams;
        this.unforeseen = unforeseen;
    }

    /** Who calls. */
    private record Caller(String name, String host, Set<Role> roles) {}

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                Reply reply = answer(exchange);
                if (reply instanceof Reply.Stream stream) {
                    streams.write(exchange, stream);
                } else if (reply instanceof Reply.Document document) {
                    send(exchange, document);
                }
            } catch (Refusal refused) {
                send(exchange, refused.reply());
            } catch (BackupException failed) {
                send(exchange, Reply.problem(failed));
            } catch (RuntimeException wrong) {
                unforeseen.accept(wrong);
                send(exchange, Reply.problem(ErrorCode.INTERNAL.because("the log of the server says more")));
            }
        }
    }

    private Reply answer(HttpExchange exchange) throws IOException {
        Caller caller = caller(exchange);
        if (caller.roles().isEmpty()) {
            throw ErrorCode.CONTROL_DENIED.because("this caller has no role");
        }
        ApiOperation operation = operation(exchange);
        Map<String, String> variables =
                operation.variables(exchange.getRequestURI().getRawPath());
        Call named =
                new Call(operation.route(), variables, new JsonValue.Members(Map.of()), caller.name(), caller.host());
        if (!operation.route().isOpenTo(caller.roles())) {
            tell(operation, named, false);
            throw ErrorCode.CONTROL_DENIED.because("none of the caller's roles may do this");
        }
        if (!Requests.isAcceptable(exchange.getRequestHeaders().get("Accept"), operation.produces())) {
            throw new Refusal(406, "the answer is " + operation.produces());
        }
        Map<String, String> values = Requests.values(exchange, operation);
        JsonValue.Members body = Requests.body(exchange, operation);
        Call call = new Call(operation.route(), values, body, caller.name(), caller.host());
        tell(operation, call, true);
        return answers.answer(call);
    }

    private void tell(ApiOperation operation, Call call, boolean allowed) {
        if (operation.changes()) {
            audit.before(new ControlCall(call.actor(), operation.route().operation(), call.target(), allowed));
        }
    }

    private Caller caller(HttpExchange exchange) {
        String host = exchange.getRemoteAddress().getAddress().getHostAddress();
        if (!(exchange instanceof HttpsExchange secure)) {
            // A page in a browser of this machine may call by another name that leads here.
            String name = String.valueOf(exchange.getRequestHeaders().getFirst("Host"));
            boolean local = THIS_MACHINE.contains(name.replaceFirst(":[0-9]+$", ""));
            return new Caller("local", host, local ? Set.of(Role.MONITOR) : Set.of());
        }
        try {
            X509Certificate[] chain = Stream.of(secure.getSSLSession().getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
            X500Principal subject = chain[0].getSubjectX500Principal();
            return new Caller(subject.getName(), host, trusted.test(chain) ? roles.of(subject) : Set.of());
        } catch (SSLPeerUnverifiedException nobody) {
            return new Caller("", host, Set.of());
        }
    }

    private ApiOperation operation(HttpExchange exchange) {
        String path = exchange.getRequestURI().getRawPath();
        List<ApiOperation> here = operations.stream()
                .filter(each -> each.path().matcher(path).matches())
                .toList();
        if (here.isEmpty()) {
            throw new Refusal(404, "nothing is served at this path");
        }
        String method = exchange.getRequestMethod().equals("HEAD") ? "GET" : exchange.getRequestMethod();
        for (ApiOperation each : here) {
            if (each.method().equals(method)) {
                return each;
            }
        }
        String allowed = here.stream()
                .map(each -> each.changes() ? each.method() : "GET, HEAD")
                .collect(Collectors.joining(", "));
        throw new Refusal(405, "this path takes " + allowed).with("Allow", allowed);
    }

    private static void send(HttpExchange exchange, Reply.Document document) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", document.type());
        headers.set("X-Content-Type-Options", "nosniff");
        document.headers().forEach(headers::set);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (document.status() == 200 && (head || exchange.getRequestMethod().equals("GET"))) {
            headers.set("ETag", document.tag());
            headers.set("Cache-Control", "no-cache");
            if (Requests.isKnown(exchange.getRequestHeaders().getFirst("If-None-Match"), document.tag())) {
                headers.remove("Content-Type");
                exchange.sendResponseHeaders(304, -1);
                return;
            }
        } else {
            headers.set("Cache-Control", "no-store");
        }
        if (head) {
            headers.set("Content-Length", Integer.toString(document.body().length));
            exchange.sendResponseHeaders(document.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(document.status(), document.body().length);
        exchange.getResponseBody().write(document.body());
    }
}
