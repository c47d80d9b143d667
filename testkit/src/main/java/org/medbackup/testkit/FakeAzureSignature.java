package org.medbackup.testkit;

import java.util.Map;
import java.util.TreeMap;

/** Whether a request to a {@link FakeAzure} is signed as Microsoft's documents on Shared Key say. */
final class FakeAzureSignature {

    private FakeAzureSignature() {}

    static boolean isGood(
            String method, String path, Map<String, String> query, Map<String, String> headers, int length) {
        // Twelve lines before the headers of the service; of the standard ones only those that are sent here are looked
        // at.
        var text = new StringBuilder(method).append("\n\n\n");
        text.append(length == 0 ? "" : length).append('\n');
        text.append(headers.getOrDefault("Content-MD5", "")).append("\n\n\n\n\n");
        text.append(headers.getOrDefault("If-None-Match", "")).append("\n\n\n");
        var own = new TreeMap<String, String>();
        headers.forEach((name, value) -> own.put(name.toLowerCase(java.util.Locale.ROOT), value));
        own.forEach((name, value) -> {
            if (name.startsWith("x-ms-")) {
                text.append(name).append(':').append(value).append('\n');
            }
        });
        text.append('/').append(AzuriteServer.ACCOUNT).append(path);
        new TreeMap<>(query)
                .forEach((name, value) ->
                        text.append('\n').append(name).append(':').append(value));
        String expected = "SharedKey " + AzuriteServer.ACCOUNT + ":" + AzuriteServer.sign(text.toString());
        return expected.equals(headers.get("Authorization"));
    }
}
