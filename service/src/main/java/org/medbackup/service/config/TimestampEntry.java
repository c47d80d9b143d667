package org.medbackup.service.config;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.medbackup.documents.JsonValue.Members;

/**
 * Who attests when checkpoints of the audit trail were there.
 *
 * @param service of RFC 3161, by HTTP or HTTPS
 * @param authorities PEM file of the certificates that are trusted
 */
public record TimestampEntry(URI service, Path authorities) {

    /** Null where the document names none. */
    static @Nullable TimestampEntry bind(DocumentValues values, Members root) {
        Members section = DocumentValues.members(DocumentValues.members(root, "audit"), "timestamp");
        String url = values.text(section, "/audit/timestamp", "url");
        String authorities = values.text(section, "/audit/timestamp", "ca");
        return url == null || authorities == null ? null : new TimestampEntry(URI.create(url), Path.of(authorities));
    }
}
