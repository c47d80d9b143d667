package org.medbackup.service;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/**
 * Where on its machine lay what a restore point of a site holds.
 *
 * @param host name of the machine
 * @param configuration absolute path of the configuration file
 * @param beside names of the plans that lay beside it
 * @param state absolute path of the state folder
 */
record SiteDescription(String host, Path configuration, List<String> beside, Path state) {

    /** In the restore point all lies below this folder. */
    static final String ROOT = "/site";

    /** Of which version what lies there is. */
    static final String VERSION = "1";

    /** This description itself. */
    static final String FILE = ROOT + "/site.json";

    static final String CONFIGURATION = "configuration";
    static final String STATE = "state";

    SiteDescription {
        beside = List.copyOf(beside);
    }

    /** Beginning of the name of the source; no job is called so. */
    private static final String SOURCE = "site:";

    /** The source under which the restore points of a host's site are found. */
    static String source(String host) {
        return SOURCE + host;
    }

    byte[] json() {
        var document = new LinkedHashMap<String, Object>();
        document.put("version", VERSION);
        document.put("host", host);
        document.put("configuration", configuration.toString());
        document.put("beside", beside);
        document.put("state", state.toString());
        return Json.write(JsonValue.of(document)).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads one.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#REPOSITORY_TOO_NEW} where another version wrote it
     */
    static SiteDescription parse(byte[] json) {
        try {
            Members read = Json.parseMembers(new String(json, StandardCharsets.UTF_8));
            if (!read.text("version").equals(VERSION)) {
                throw ErrorCode.REPOSITORY_TOO_NEW.because("what belongs to the site is of version "
                        + read.text("version") + "; this program knows " + VERSION);
            }
            List<String> beside = read.items("beside").stream()
                    .map(each -> ((JsonValue.Text) each).value())
                    .toList();
            if (beside.stream().anyMatch(each -> each.contains("/") || each.startsWith("."))) {
                throw new IllegalArgumentException("a plan is no file of the configuration's folder");
            }
            return new SiteDescription(
                    read.text("host"), Path.of(read.text("configuration")), beside, Path.of(read.text("state")));
        } catch (JsonException | IllegalArgumentException | ClassCastException malformed) {
            throw ErrorCode.OBJECT_DAMAGED.because("the description of the site is malformed", malformed);
        }
    }
}
