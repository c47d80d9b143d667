package org.medbackup.store.sftp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * What the answers of a server mean. Messages hold the server's number for it and never its text, which may quote names and
 * paths; the library's exceptions, which may quote more, are dropped.
 */
final class Failures {

    private Failures() {}

    /** What became of a call. */
    static BackupException of(IOException failed, String act) {
        if (failed instanceof SftpException answer) {
            return answered(answer, act);
        }
        if (isInterruption(failed)) {
            Thread.currentThread().interrupt();
            return ErrorCode.CANCELLED.because("interrupted while working with the target");
        }
        String cause = cause(failed);
        return ErrorCode.STORE_UNAVAILABLE
                .because("cannot " + act + ": no answer, or only part of one (" + cause + ")")
                .with("cause", cause);
    }

    private static boolean isInterruption(IOException failed) {
        return failed instanceof InterruptedIOException && !(failed instanceof SocketTimeoutException);
    }

    /** One of the words by which failures of networks are known. */
    private static String cause(IOException failed) {
        for (Throwable each = failed; each != null; each = each.getCause()) {
            switch (each) {
                case UnknownHostException unknown -> {
                    return "UnknownHostException";
                }
                case NoRouteToHostException nowhere -> {
                    return "NoRouteToHostException";
                }
                case ConnectException refused -> {
                    return "ConnectException";
                }
                case SocketTimeoutException silent -> {
                    return "SocketTimeoutException";
                }
                case TimeoutException silent -> {
                    return "SocketTimeoutException";
                }
                default -> {
                    // Its cause may say more.
                }
            }
        }
        return "SocketException";
    }

    private static BackupException answered(SftpException answer, String act) {
        int status = answer.getStatus();
        String said = "cannot " + act + ": the server answers with status " + status;
        return switch (status) {
            case SftpConstants.SSH_FX_NO_SUCH_FILE, SftpConstants.SSH_FX_NO_SUCH_PATH ->
                ErrorCode.OBJECT_MISSING.because("it is not in the folder");
            case SftpConstants.SSH_FX_PERMISSION_DENIED ->
                (act.equals("delete") ? ErrorCode.DELETION_REFUSED : ErrorCode.STORE_DENIED)
                        .because(said)
                        .with("sftp", status);
            case SftpConstants.SSH_FX_NO_SPACE_ON_FILESYSTEM, SftpConstants.SSH_FX_QUOTA_EXCEEDED -> full(act);
            case SftpConstants.SSH_FX_WRITE_PROTECT -> readOnly(act);
            default -> ErrorCode.STORE_UNAVAILABLE.because(said).with("sftp", status);
        };
    }

    /** No room is left. */
    static BackupException full(String act) {
        return ErrorCode.NO_SPACE.because("cannot " + act + ": no space is left at the target");
    }

    /** The file system does not let itself be written to. */
    static BackupException readOnly(String act) {
        return ErrorCode.STORE_UNAVAILABLE
                .because("cannot " + act + ": the file system of the target is read-only")
                .with("reason", "Read-only file system");
    }

    /** Whether a server has said that it does not let an account in. */
    static boolean isRefusedLogin(IOException failed) {
        return failed instanceof SshException ended
                && ended.getDisconnectCode() == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE;
    }
}
