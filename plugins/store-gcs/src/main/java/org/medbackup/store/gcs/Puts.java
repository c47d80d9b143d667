package org.medbackup.store.gcs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;

/**
 * Makes objects where none of the name is, by {@code ifGenerationMatch=0}, with their CRC-32C: in one request, or by an
 * upload in pieces. A put whose outcome is unknown is looked up: what lies there is ours when it is the same bytes.
 */
record Puts(Wire wire, Entropy entropy, URI uploads, ObjectLocks locks, Lookup lookup) {

    /** Asks what lies under a name. */
    @FunctionalInterface
    interface Lookup {

        /** What it is, empty where it is nothing or not told. */
        Optional<Found> find(String name) throws IOException;
    }

    /** Sends a content by whatever requests, and gives the last answer. */
    @FunctionalInterface
    private interface Sender {
        Answer send() throws IOException;
    }

    /**
     * What a put is known by.
     *
     * @param length of the object
     * @param sum of the object
     * @param isLocked whether it is made with a lock
     */
    private record Made(long length, String sum, boolean isLocked) {

        boolean isIn(Found found) {
            return found.length() == length && found.sum().equals(sum);
        }
    }

    /**
     * Makes an object unless its name is taken.
     *
     * @param name as it is in the bucket
     * @param now by which a lock is told from one that has ended
     */
    PutOutcome make(String name, ObjectContent content, Instant now) {
        boolean isLocked = locks.locks(content.keeping(), now);
        Map<String, Object> lock =
                isLocked ? Map.of("retention", locks.retention(content.keeping().until())) : Map.of();
        try (var whole = new Whole(content)) {
            var ours = new Made(content.length(), whole.sum(), isLocked);
            String document = document(whole.sum(), lock);
            return content.length() <= Session.PIECE
                    ? made(name, ours, () -> sendWhole(name, document, whole.body()))
                    : made(name, ours, () -> sendPieces(name, document, content));
        }
    }

    private Ask upload(String name, String type) {
        return new Ask("POST", uploads)
                .query("uploadType", type)
                .query("name", name)
                .query("ifGenerationMatch", "0");
    }

    private static String document(String sum, Map<String, Object> more) {
        var members = new LinkedHashMap<String, Object>(more);
        members.put("crc32c", sum);
        return Json.write(JsonValue.of(members));
    }

    /**
     * Sends an object with its sum in one request.
     *
     * @param sum in base 64; the service takes no other bytes
     */
    Answer sendSummed(String name, String sum, Body content) throws IOException {
        return sendWhole(name, document(sum, Map.of()), content);
    }

    private Answer sendWhole(String name, String document, Body content) throws IOException {
        // Random, so that no content has it.
        String boundary = HexFormat.of().formatHex(entropy.bytes(16));
        byte[] before = ("--" + boundary + "\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n" + document
                        + "\r\n--" + boundary + "\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(UTF_8);
        byte[] after = ("\r\n--" + boundary + "--\r\n").getBytes(UTF_8);
        var body = new Body(before.length + content.length() + after.length, () -> {
            List<InputStream> parts =
                    List.of(new ByteArrayInputStream(before), content.stream().get(), new ByteArrayInputStream(after));
            return new SequenceInputStream(Collections.enumeration(parts));
        });
        Ask ask = upload(name, "multipart").header("content-type", "multipart/related; boundary=" + boundary);
        return wire.send(ask, body);
    }

    private Answer sendPieces(String name, String metadata, ObjectContent content) throws IOException {
        byte[] document = metadata.getBytes(UTF_8);
        Ask ask = upload(name, "resumable")
                .header("content-type", "application/json; charset=UTF-8")
                .header("x-upload-content-type", "application/octet-stream");
        Answer begun = wire.send(ask, Body.of(document, document.length));
        if (!begun.isSuccess()) {
            return begun;
        }
        begun.close();
        try (var session = new Session(wire, address(begun), content)) {
            return session.send();
        }
    }

    /** Where pieces go to: always the service that was asked, whatever host the answer names. */
    private URI address(Answer begun) {
        try {
            URI named = URI.create(begun.header("Location").orElse(""));
            if (named.getRawQuery() != null) {
                return uploads.resolve(named.getRawPath() + "?" + named.getRawQuery());
            }
        } catch (IllegalArgumentException notAUri) {
            // Said below, without quoting it.
        }
        throw ErrorCode.STORE_UNAVAILABLE.because("cannot put: the target begins no upload");
    }

    private PutOutcome made(String name, Made ours, Sender sender) {
        BackupException failure;
        try (Answer answer = sender.send()) {
            if (answer.isSuccess()) {
                return created(Found.of(answer), ours);
            }
            if (Failures.isTaken(answer)) {
                return PutOutcome.EXISTED;
            }
            if (ours.isLocked() && Failures.isRefusedLock(answer)) {
                throw ErrorCode.LOCKS_UNAVAILABLE.because("the bucket takes no object with a retention");
            }
            failure = Failures.ofPut(answer);
            if (!Failures.leavesOpen(answer)) {
                throw failure;
            }
        } catch (Session.GoneException gone) {
            failure = ErrorCode.STORE_UNAVAILABLE.because("cannot put: the target does not know the upload any more");
        } catch (IOException unanswered) {
            failure = Failures.unanswered(unanswered, "put");
            if (failure.code() != ErrorCode.STORE_UNAVAILABLE) {
                throw failure;
            }
        }
        return outcome(name, ours, failure);
    }

    private static PutOutcome created(Found made, Made ours) {
        if (made.length() != ours.length || !made.sum().isEmpty() && !made.sum().equals(ours.sum)) {
            throw ErrorCode.OBJECT_DAMAGED.because("the target has other bytes than were sent to it");
        }
        return PutOutcome.CREATED;
    }

    /** What became of a put that was not answered, or answered with a failure of the target. */
    private PutOutcome outcome(String name, Made ours, BackupException failure) {
        Optional<Found> there;
        try {
            there = lookup.find(name);
        } catch (IOException unknown) {
            throw failure;
        }
        Found found = there.orElseThrow(() -> failure);
        if (found.length() == ours.length && found.sum().isEmpty()) {
            // Whose it is cannot be told.
            throw failure;
        }
        return ours.isIn(found) ? PutOutcome.CREATED : PutOutcome.EXISTED;
    }
}
