package org.medbackup.notify.smtp;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.notify.common.LostConnection;

/**
 * What a failure of the library means. Its messages quote the server, which may quote us; so nothing of them is handed on
 * but the reply's code (RFC 5321, 4.2.1: 4yz may pass, 5yz does not).
 */
final class Verdict {

    private Verdict() {}

    static BackupException of(MessagingException failed, int lastReply) {
        List<Integer> replies = replies(failed);
        if (replies.isEmpty()) {
            IOException lost = lost(failed);
            if (lost != null) {
                return LostConnection.as(lost);
            }
            replies.add(lastReply);
        }
        boolean later = replies.stream().anyMatch(reply -> reply < 0 || reply / 100 == 4);
        int telling = replies.stream()
                .filter(reply -> !later || reply < 0 || reply / 100 == 4)
                .max(Integer::compare)
                .orElse(lastReply);
        if (later) {
            return ErrorCode.NOTIFICATION_UNDELIVERED
                    .because("the mail server does not take it now")
                    .with("status", telling);
        }
        return ErrorCode.NOTIFICATION_REFUSED.because(detail(failed, telling)).with("status", telling);
    }

    private static String detail(MessagingException failed, int reply) {
        if (failed instanceof AuthenticationFailedException) {
            return "the mail server does not take user and password";
        }
        return reply / 100 == 5
                ? "the mail server does not take it, or not for all addresses"
                : "the mail server offers no STARTTLS, or no way to log in";
    }

    /** The codes that belong to this mail and its addresses, without those of success. */
    private static List<Integer> replies(Exception failed) {
        List<Integer> replies = new ArrayList<>();
        for (Exception each = failed; each != null; each = next(each)) {
            int reply = switch (each) {
                case SMTPAddressFailedException address -> address.getReturnCode();
                case SMTPSenderFailedException sender -> sender.getReturnCode();
                case SMTPSendFailedException mail -> mail.getReturnCode();
                default -> 0;
            };
            if (reply < 0 || reply >= 400) {
                replies.add(reply);
            }
        }
        return replies;
    }

    private static @Nullable Exception next(Exception failed) {
        return failed instanceof MessagingException message ? message.getNextException() : null;
    }

    private static @Nullable IOException lost(Exception failed) {
        for (Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof IOException io) {
                return io;
            }
        }
        return null;
    }
}
