package org.medbackup.store.s3;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.Set;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * What the answers of a target mean. Messages hold the target's own code and number, and never its text, which may quote
 * requests, keys and names.
 */
final class Failures {

    private static final Set<String> FULL =
            Set.of("quotaexceeded", "insufficientstorage", "xminiostoragefull", "insufficientcapacity");

    private Failures() {}

    /** What became of a call. */
    static BackupException of(SdkException failed, String act) {
        return switch (failed) {
            case AbortedException aborted -> {
                Thread.currentThread().interrupt();
                yield ErrorCode.CANCELLED.because("interrupted while working with the target");
            }
            case AwsServiceException answer -> answered(answer, act);
            case SdkClientException local
            when isAboutCredentials(local) ->
                ErrorCode.STORE_DENIED
                        .because("no credentials for the storage target were found")
                        .with("cause", "credentials");
            default ->
                ErrorCode.STORE_UNAVAILABLE
                        .because("cannot " + act + ": no answer, or only part of one (" + root(failed) + ")")
                        .with("cause", root(failed));
        };
    }

    /** An answer that ended, or stopped, before its end. */
    static BackupException ended(IOException cut) {
        return cut instanceof SocketTimeoutException silent
                ? ErrorCode.STORE_UNAVAILABLE
                        .because("cannot read: the answer stopped", silent)
                        .with("cause", root(silent))
                : ErrorCode.STORE_UNAVAILABLE
                        .because("cannot read: the answer was cut", cut)
                        .with("cause", "cut");
    }

    private static BackupException answered(AwsServiceException answer, String act) {
        BackupException meaning = meaning(answer, act);
        String code = code(answer);
        if (!code.isEmpty()) {
            meaning.with("said", code);
        }
        String pause = retryAfter(answer);
        if (!pause.isEmpty()) {
            meaning.with("retryAfter", pause);
        }
        return meaning.with("http", answer.statusCode());
    }

    private static BackupException meaning(AwsServiceException answer, String act) {
        int status = answer.statusCode();
        String code = code(answer);
        String said = "cannot " + act + ": " + status + (code.isEmpty() ? "" : " " + code);
        if (code.equals("NoSuchBucket")) {
            return ErrorCode.BUCKET_NOT_FOUND.because("the target knows no such bucket");
        }
        if (code.equals("RequestTimeTooSkewed")) {
            return ErrorCode.CLOCK_UNUSABLE.because("the target's clock and this one differ by more than it allows");
        }
        if (status == 404) {
            return ErrorCode.OBJECT_MISSING.because("it is not in the bucket");
        }
        if (status == 507 || FULL.contains(code.toLowerCase(Locale.ROOT))) {
            return ErrorCode.NO_SPACE.because(said);
        }
        if (status == 401 || status == 403 || code.equals("ExpiredToken")) {
            return ErrorCode.STORE_DENIED.because(said);
        }
        return ErrorCode.STORE_UNAVAILABLE.because(said);
    }

    /** The target's name for a failure; empty where it gave none, as in answers without a body. */
    static String code(AwsServiceException answer) {
        String code = answer.awsErrorDetails() == null
                ? null
                : answer.awsErrorDetails().errorCode();
        return code != null && code.matches("[A-Za-z]{3,60}") ? code : "";
    }

    /** For how many seconds the target wants to be left alone; empty where it did not say, or said a date. */
    private static String retryAfter(AwsServiceException answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        SdkHttpResponse response = details == null ? null : details.sdkHttpResponse();
        return response == null
                ? ""
                : response.firstMatchingHeader("Retry-After")
                        .map(String::strip)
                        .filter(each -> each.matches("[0-9]{1,9}"))
                        .orElse("");
    }

    /** Whether the call may have had its effect although it failed. */
    static boolean leavesOpen(SdkException failed) {
        return switch (failed) {
            case AbortedException aborted -> false;
            case AwsServiceException answer -> answer.statusCode() >= 500 || answer.statusCode() == 408;
            default -> !isAboutCredentials(failed);
        };
    }

    private static boolean isAboutCredentials(SdkException failed) {
        String message = String.valueOf(failed.getMessage());
        return message.contains("load credentials") || message.contains("rofile file");
    }

    private static String root(Throwable failed) {
        Throwable cause = failed;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getClass().getSimpleName();
    }
}
