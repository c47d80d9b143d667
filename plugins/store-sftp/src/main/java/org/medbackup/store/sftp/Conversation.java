package org.medbackup.store.sftp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.sftp.client.SftpVersionSelector;
import org.apache.sshd.sftp.client.impl.DefaultSftpClient;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.jspecify.annotations.Nullable;

/**
 * A conversation in SFTP version 3, which all servers speak, that ends where the server does nothing for too long. What
 * fails by the server's answer fails with {@link SftpException}, and the conversation goes on; after any other failure it
 * is of no more use. For one thread at a time.
 */
abstract class Conversation extends DefaultSftpClient {

    /** How long is waited at a time: a process that stood still for long has waited for one look only. */
    private static final Duration LOOK = Duration.ofMillis(250);

    private final Patience patience;
    private boolean content;
    private boolean broken;

    Conversation(ClientSession session, Patience patience) throws IOException {
        super(session, SftpVersionSelector.fixedVersionSelector(SftpConstants.SFTP_V3), null);
        this.patience = patience;
    }

    /** What is asked and answered. */
    interface Exchange<T extends @Nullable Object> {
        T with() throws IOException;
    }

    /** Asks, and notes what came of it. */
    final <T extends @Nullable Object> T asked(Exchange<T> exchange) throws IOException {
        try {
            return exchange.with();
        } catch (SftpException answer) {
            throw answer;
        } catch (InterruptedIOException ended) {
            broken = true;
            throw ended;
        } catch (IOException cut) {
            broken = true;
            if (cut.getCause() instanceof TimeoutException) {
                throw stalled();
            }
            throw cut;
        } catch (RuntimeException nonsense) {
            broken = true;
            throw new IOException("the answer makes no sense", nonsense);
        }
    }

    private SocketTimeoutException stalled() {
        patience.stalled(content);
        return new SocketTimeoutException("nothing moved");
    }

    @Override
    public Buffer receive(int id) throws IOException {
        Duration waited = Duration.ZERO;
        while (true) {
            Buffer answer = receive(id, LOOK);
            if (answer != null) {
                return answer;
            }
            waited = waited.plus(LOOK);
            if (waited.compareTo(patience.limit(content)) >= 0) {
                throw stalled();
            }
        }
    }

    /** Begins another use: at first no content moves. */
    void begin() {
        content = false;
    }

    /** From here on content moves. */
    void movesContent() {
        content = true;
    }

    /** The use was answered to its end. */
    void answered() {
        patience.answered(content);
    }

    boolean isUsable() {
        return !broken && isOpen() && getClientSession().isOpen();
    }

    /** It is of no more use. */
    void spoil() {
        broken = true;
    }

    /** Ends it at once, without a word to the server. */
    void end() {
        getClientSession().close(true);
    }
}
