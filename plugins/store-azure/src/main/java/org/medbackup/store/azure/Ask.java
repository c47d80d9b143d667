package org.medbackup.store.azure;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A request to the blob service before it is authorized. Not safe for use by several threads.
 *
 * <p>Its path has no character that is written otherwise in an address: names and prefixes have none.
 */
final class Ask {

    private final String method;
    private final URI resource;
    private final Map<String, String> query = new TreeMap<>();
    private final Map<String, String> headers = new TreeMap<>();

    Ask(String method, URI resource) {
        this.method = method;
        this.resource = resource;
    }

    /** Adds a parameter: its name in lower case, its value as it is. */
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

    /** Names in lower case and values, by name. */
    Map<String, String> query() {
        return query;
    }

    /** The path of what is asked for. */
    String path() {
        return resource.getRawPath();
    }

    /**
     * Where it goes to.
     *
     * @param token more of a query as it is written there, empty for none
     */
    URI address(String token) {
        String parameters = query.entrySet().stream()
                .map(each -> each.getKey() + "=" + encoded(each.getValue()))
                .collect(Collectors.joining("&"));
        String all = parameters.isEmpty() || token.isEmpty() ? parameters + token : parameters + "&" + token;
        return URI.create(all.isEmpty() ? resource.toString() : resource + "?" + all);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
