package org.medbackup.store.sftp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.sftp.client.impl.SftpResponse;
import org.apache.sshd.sftp.client.impl.SftpStatus;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.jspecify.annotations.Nullable;

/** What is asked of a server. */
final class SftpSession extends Conversation {

    /** Bytes of content in one message: every server takes so many. */
    static final int PIECE = 32 * 1024;

    static final String HARD_LINK = "hardlink@openssh.com";
    private static final String SYNC = "fsync@openssh.com";
    private static final String SPACE = "statvfs@openssh.com";

    private static final int READ_ONLY = 1;
    private static final int FILE_MODE = 0400;
    private static final int FOLDER_MODE = 0700;

    SftpSession(ClientSession session, Patience patience) throws IOException {
        super(session, patience);
    }

    /** A file or folder. */
    record Node(boolean folder, boolean file, long length, long modified) {}

    /** An entry of a folder. */
    record Entry(String name, Node node) {}

    /** What is left where a folder lies. */
    record Space(long bytes, boolean isFull, boolean isReadOnly) {}

    /** Whether the server offers an extension. */
    boolean offers(String extension) {
        return getServerExtensions().containsKey(extension);
    }

    private static Buffer request(String... texts) {
        Buffer buffer = new ByteArrayBuffer();
        for (String text : texts) {
            buffer.putString(text);
        }
        return buffer;
    }

    /** Of a file that is to be made or read; of a folder too, where the server opens it. */
    private byte[] open(String path, int flags) throws IOException {
        Buffer buffer = request(path);
        buffer.putUInt(flags);
        return asked(() -> checkHandle(SftpConstants.SSH_FXP_OPEN, mode(buffer, FILE_MODE)));
    }

    private static Buffer mode(Buffer buffer, int mode) {
        buffer.putUInt(SftpConstants.SSH_FILEXFER_ATTR_PERMISSIONS);
        buffer.putUInt(mode);
        return buffer;
    }

    /** Makes a file that is not there yet, which only its owner will read. */
    byte[] create(String path) throws IOException {
        return open(path, SftpConstants.SSH_FXF_WRITE | SftpConstants.SSH_FXF_CREAT | SftpConstants.SSH_FXF_EXCL);
    }

    byte[] openForReading(String path) throws IOException {
        return open(path, SftpConstants.SSH_FXF_READ);
    }

    private Buffer handle(byte[] handle) {
        Buffer buffer = new ByteArrayBuffer();
        buffer.putBytes(handle);
        return buffer;
    }

    private void done(int command, Buffer buffer) throws IOException {
        asked(() -> {
            checkCommandStatus(command, buffer);
            return buffer;
        });
    }

    void close(byte[] handle) throws IOException {
        done(SftpConstants.SSH_FXP_CLOSE, handle(handle));
    }

    /** Sends a piece of a file; gives what the answer is asked for with. */
    int write(byte[] handle, long offset, byte[] bytes, int length) throws IOException {
        Buffer buffer = new ByteArrayBuffer(handle.length + length + Long.SIZE, false);
        buffer.putBytes(handle);
        buffer.putLong(offset);
        buffer.putBytes(bytes, 0, length);
        return asked(() -> write(SftpConstants.SSH_FXP_WRITE, buffer).getId());
    }

    /** Waits until a piece was written. */
    void written(int id) throws IOException {
        asked(() -> {
            checkResponseStatus(response(SftpConstants.SSH_FXP_WRITE, id));
            return id;
        });
    }

    /** Asks for a piece of a file; gives what the answer is asked for with. */
    int ask(byte[] handle, long offset, int length) throws IOException {
        Buffer buffer = handle(handle);
        buffer.putLong(offset);
        buffer.putUInt(length);
        return asked(() -> write(SftpConstants.SSH_FXP_READ, buffer).getId());
    }

    /**
     * Waits for a piece; null at the end of the file.
     *
     * @param most how many bytes were asked for
     */
    byte @Nullable [] piece(int id, int most) throws IOException {
        return asked(() -> {
            SftpResponse answer = response(SftpConstants.SSH_FXP_READ, id);
            if (answer.getType() == SftpConstants.SSH_FXP_DATA) {
                byte[] bytes = answer.getBuffer().getBytes();
                if (bytes.length == 0 || bytes.length > most) {
                    throw new IOException("the answer is not what was asked for");
                }
                return bytes;
            }
            SftpStatus status = SftpStatus.parse(answer);
            if (status.getStatusCode() == SftpConstants.SSH_FX_EOF) {
                return null;
            }
            throw new SftpException(status.getStatusCode(), "");
        });
    }

    /** Whether files can be made durable. */
    boolean syncs() {
        return offers(SYNC);
    }

    /** Makes what was written durable. */
    void sync(byte[] handle) throws IOException {
        Buffer buffer = request(SYNC);
        buffer.putBytes(handle);
        done(SftpConstants.SSH_FXP_EXTENDED, buffer);
    }

    /** Gives a file a second name, which must be free. */
    void hardLink(String path, String name) throws IOException {
        done(SftpConstants.SSH_FXP_EXTENDED, request(HARD_LINK, path, name));
    }

    /** Gives a file another name. */
    void move(String path, String name) throws IOException {
        done(SftpConstants.SSH_FXP_RENAME, request(path, name));
    }

    /** Removes a file. */
    void removeFile(String path) throws IOException {
        done(SftpConstants.SSH_FXP_REMOVE, request(path));
    }

    /** Makes a folder that only its owner enters. */
    void makeFolder(String path) throws IOException {
        done(SftpConstants.SSH_FXP_MKDIR, mode(request(path), FOLDER_MODE));
    }

    /** Removes a folder that holds nothing. */
    void removeFolder(String path) throws IOException {
        done(SftpConstants.SSH_FXP_RMDIR, request(path));
    }

    /** What lies under a name, links followed; null where nothing does. */
    @Nullable
    Node find(String path) throws IOException {
        try {
            return node(asked(() -> checkAttributes(SftpConstants.SSH_FXP_STAT, request(path))));
        } catch (SftpException answer) {
            if (answer.getStatus() == SftpConstants.SSH_FX_NO_SUCH_FILE) {
                return null;
            }
            throw answer;
        }
    }

    private static Node node(Attributes attributes) {
        long modified = attributes.getModifyTime() == null
                ? Long.MAX_VALUE
                : attributes.getModifyTime().toInstant().getEpochSecond();
        return new Node(attributes.isDirectory(), attributes.isRegularFile(), attributes.getSize(), modified);
    }

    /** What a folder holds, null where it is not there; other things than files and folders are passed over. */
    @Nullable
    List<Entry> entries(String folder) throws IOException {
        byte[] handle;
        try {
            handle = asked(() -> checkHandle(SftpConstants.SSH_FXP_OPENDIR, request(folder)));
        } catch (SftpException answer) {
            Node there = answer.getStatus() == SftpConstants.SSH_FX_NO_SUCH_FILE ? null : find(folder);
            if (there == null || !there.folder()) {
                return null;
            }
            throw answer;
        }
        List<Entry> entries = new ArrayList<>();
        List<DirEntry> some = some(handle);
        while (some != null) {
            for (DirEntry each : some) {
                Node node = node(each.getAttributes());
                if (!node.file() && !node.folder()) {
                    node = find(folder + "/" + each.getFilename());
                }
                if (node != null && !each.getFilename().matches("\\.{1,2}")) {
                    entries.add(new Entry(each.getFilename(), node));
                }
            }
            some = some(handle);
        }
        close(handle);
        return entries;
    }

    private @Nullable List<DirEntry> some(byte[] handle) throws IOException {
        return asked(() -> checkDirResponse(rpc(SftpConstants.SSH_FXP_READDIR, handle(handle)), null));
    }

    /** What is left where a folder lies; null where the server does not tell. */
    @Nullable
    Space space(String folder) throws IOException {
        if (!offers(SPACE)) {
            return null;
        }
        return asked(() -> {
            SftpResponse answer = rpc(SftpConstants.SSH_FXP_EXTENDED, request(SPACE, folder));
            if (answer.getType() != SftpConstants.SSH_FXP_EXTENDED_REPLY) {
                return null;
            }
            Buffer told = answer.getBuffer();
            told.getLong();
            long unit = told.getLong();
            told.getLong();
            told.getLong();
            long available = told.getLong();
            long files = told.getLong();
            told.getLong();
            long availableFiles = told.getLong();
            told.getLong();
            long flags = told.getLong();
            return new Space(unit * available, files > 0 && availableFiles == 0, (flags & READ_ONLY) != 0);
        });
    }
}
