package org.medbackup.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;

/** Takes packs and forgets them, so that a benchmark of the path to the store measures no disk; keeps what is small. */
final class NowhereStore implements ObjectStore {

    private final NavigableMap<ObjectName, byte[]> small = new ConcurrentSkipListMap<>();

    private static boolean isPack(ObjectName name) {
        return name.text().startsWith("d/");
    }

    @Override
    public String location() {
        return "nowhere";
    }

    @Override
    public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
        try {
            if (isPack(name)) {
                content.writeTo(new Discard());
                return PutOutcome.CREATED;
            }
            var bytes = new java.io.ByteArrayOutputStream();
            content.writeTo(java.nio.channels.Channels.newChannel(bytes));
            return small.putIfAbsent(name, bytes.toByteArray()) == null ? PutOutcome.CREATED : PutOutcome.EXISTED;
        } catch (IOException impossible) {
            throw ErrorCode.STORE_UNAVAILABLE.because("the content cannot be written", impossible);
        }
    }

    private static final class Discard implements WritableByteChannel {

        @Override
        public int write(ByteBuffer source) {
            int length = source.remaining();
            source.position(source.limit());
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Override
    public int read(ObjectName name, long offset, ByteBuffer target) {
        byte[] bytes = small.get(name);
        if (bytes == null) {
            throw ErrorCode.OBJECT_MISSING.because("it was forgotten").with("object", name);
        }
        int length = Math.clamp(bytes.length - offset, 0, target.remaining());
        target.put(bytes, (int) Math.min(offset, bytes.length), length);
        return length;
    }

    @Override
    public OptionalLong length(ObjectName name) {
        byte[] bytes = small.get(name);
        return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes.length);
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> visitor) {
        small.forEach((name, bytes) -> {
            if (name.text().startsWith(prefix)) {
                visitor.accept(new ObjectInfo(name, bytes.length));
            }
        });
    }

    @Override
    public boolean delete(ObjectName name) {
        return small.remove(name) != null;
    }

    @Override
    public boolean isEmpty() {
        return small.isEmpty();
    }

    @Override
    public void close() {}
}
