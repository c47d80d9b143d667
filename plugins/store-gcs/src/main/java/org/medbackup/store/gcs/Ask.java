package org.medbackup.store.gcs;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A request before it is authorized. Not safe for use by several threads. */
final class Ask {

    private final String method;
    private final URI resource;
    private final Map<String, String> query = new TreeMap<>();
    private final Map<String, String> headers = new TreeMap<>();

    /**
     * Begins one.
     *
     * @param resource what is asked for; it has a query of its own only where no parameter is added
     */
    Ask(String method, URI resource) {
        this.method = method;
        this.resource = resource;
    }

    /** Adds a parameter, its value as it is. */
    Ask query(String name, String value) {
        query.put(name, value);
        return this;
    }

    /** Adds a header: its name in lower case. */
    Ask header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    String method() {
        return method;
    }

    /** Names in lower case and values, by name. */
    Map<String, String> headers() {
        return headers;
    }

    /** Where it goes to. */
    URI address() {
        String parameters = query.entrySet().stream()
                .map(each -> each.getKey() + "=" + encoded(each.getValue()))
                .collect(Collectors.joining("&"));
        return parameters.isEmpty() ? resource : URI.create(resource + "?" + parameters);
    }

    /** A value as it stands in an address or a form. */
    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
