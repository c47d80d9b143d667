package org.medbackup.apps;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Secret;
import org.medbackup.core.spi.app.Connection;

/** {@link Frozen} as bytes, secrets included where it has any. Version 1; other versions are refused. */
final class FrozenCodec {

    private static final int VERSION = 1;
    private static final int MOST = 10_000;

    private FrozenCodec() {}

    static byte[] encode(Frozen frozen) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeUTF(frozen.application());
            out.writeUTF(frozen.run());
            write(out, frozen.connection());
            write(out, frozen.thaw());
            out.writeLong(frozen.limit().toMillis());
            Frozen.Origin origin = frozen.origin();
            out.writeUTF(origin.boot());
            out.writeLong(origin.pid());
            out.writeLong(origin.started());
            out.writeLong(origin.nanos());
        } catch (IOException impossible) {
            throw new UncheckedIOException("a text is longer than 64 KiB", impossible);
        }
        return bytes.toByteArray();
    }

    /** Throws {@link IOException} for what no encoder has written. */
    static Frozen decode(byte[] bytes) throws IOException {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readByte() != VERSION) {
                throw new IOException("another version");
            }
            return new Frozen(
                    in.readUTF(),
                    in.readUTF(),
                    readConnection(in),
                    readHook(in),
                    Duration.ofMillis(in.readLong()),
                    new Frozen.Origin(in.readUTF(), in.readLong(), in.readLong(), in.readLong()));
        } catch (IllegalArgumentException | URISyntaxException malformed) {
            throw new IOException("malformed", malformed);
        }
    }

    private static void write(DataOutputStream out, Connection connection) throws IOException {
        out.writeUTF(connection.address().toString());
        out.writeInt(connection.options().size());
        for (Map.Entry<String, String> option : connection.options().entrySet()) {
            out.writeUTF(option.getKey());
            out.writeUTF(option.getValue());
        }
        out.writeInt(connection.secrets().size());
        for (Map.Entry<String, Secret> secret : connection.secrets().entrySet()) {
            out.writeUTF(secret.getKey());
            byte[] content = secret.getValue().use(byte[]::clone);
            out.writeInt(content.length);
            out.write(content);
            Arrays.fill(content, (byte) 0);
        }
    }

    private static Connection readConnection(DataInputStream in) throws IOException, URISyntaxException {
        var address = new URI(in.readUTF());
        var options = new TreeMap<String, String>();
        for (int left = count(in); left > 0; left--) {
            options.put(in.readUTF(), in.readUTF());
        }
        var secrets = new HashMap<String, Secret>();
        for (int left = count(in); left > 0; left--) {
            String name = in.readUTF();
            byte[] content = in.readNBytes(count(in));
            secrets.put(name, Secret.copyOf(content));
            Arrays.fill(content, (byte) 0);
        }
        return new Connection(address, options, secrets);
    }

    private static void write(DataOutputStream out, @Nullable Hook hook) throws IOException {
        out.writeBoolean(hook != null);
        if (hook == null) {
            return;
        }
        out.writeInt(hook.arguments().size());
        for (String argument : hook.arguments()) {
            out.writeUTF(argument);
        }
        out.writeLong(hook.timeout().toMillis());
        out.writeInt(hook.successCodes().size());
        for (int code : hook.successCodes()) {
            out.writeInt(code);
        }
        String digest = hook.sha256();
        out.writeUTF(digest == null ? "" : digest);
    }

    private static @Nullable Hook readHook(DataInputStream in) throws IOException {
        if (!in.readBoolean()) {
            return null;
        }
        List<String> arguments = new ArrayList<>();
        for (int left = count(in); left > 0; left--) {
            arguments.add(in.readUTF());
        }
        Duration timeout = Duration.ofMillis(in.readLong());
        Set<Integer> codes = new TreeSet<>();
        for (int left = count(in); left > 0; left--) {
            codes.add(in.readInt());
        }
        String digest = in.readUTF();
        return new Hook(arguments, timeout, codes, digest.isEmpty() ? null : digest);
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MOST) {
            throw new IOException("a count that nobody writes");
        }
        return count;
    }
}
