package org.medbackup.store.gateway;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.throttle.PacedChannel;
import org.medbackup.core.spi.throttle.Throttle;

/**
 * A store as a gateway lets a writer use it. What the gateway refuses fails with {@link ErrorCode#STORE_DENIED};
 * deletion is not even asked for.
 */
final class GatewayStore implements ObjectStore {

    private final Path socket;
    private final Throttle throttle;
    private final ConcurrentLinkedDeque<Line> idle = new ConcurrentLinkedDeque<>();

    GatewayStore(Path socket, Throttle throttle) {
        this.throttle = throttle;
        this.socket = socket;
    }

    @Override
    public String location() {
        return "gateway://" + socket;
    }

    private interface Talk<T> {
        T with(Line line) throws IOException;
    }

    /** Talks on a line that is free. One that broke is not used again, since nobody knows where it stands. */
    private <T> T talk(Talk<T> talk) {
        Line line = idle.poll();
        try {
            if (line == null) {
                line = Line.open(socket);
            }
            T result = talk.with(line);
            idle.push(line);
            return result;
        } catch (IOException failed) {
            hangUp(line);
            throw ErrorCode.STORE_UNAVAILABLE
                    .because("the gateway does not answer as it should", failed)
                    .with("store", location());
        } catch (RuntimeException failed) {
            hangUp(line);
            throw failed;
        }
    }

    private static void hangUp(@org.jspecify.annotations.Nullable Line line) {
        try {
            if (line != null) {
                line.close();
            }
        } catch (IOException best) {
            // It is thrown away anyhow.
        }
    }

    private BackupException failure(int word, String name) {
        ErrorCode code = switch (word) {
            case Protocol.ABSENT -> ErrorCode.OBJECT_MISSING;
            case Protocol.REFUSED -> ErrorCode.STORE_DENIED;
            case Protocol.FULL -> ErrorCode.NO_SPACE;
            default -> ErrorCode.STORE_UNAVAILABLE;
        };
        return code.because("the gateway says so").with("object", name).with("store", location());
    }

    @Override
    public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
        return talk(line -> {
            line.request(Protocol.PUT, name.text());
            line.out.writeLong(content.length());
            Protocol.writeName(line.out, content.keeping().tier());
            // What is not a whole second lasts until the next.
            line.out.writeLong(content.keeping().until().plusNanos(999_999_999).getEpochSecond());
            int word = line.answer();
            if (word == Protocol.SEND) {
                content.writeTo(
                        new PacedChannel(Channels.newChannel(line.out), throttle, Throttle.Resource.DISK_WRITE));
                word = line.answer();
            }
            return switch (word) {
                case Protocol.OK -> PutOutcome.CREATED;
                case Protocol.EXISTED -> PutOutcome.EXISTED;
                default -> throw failure(word, name.text());
            };
        });
    }

    @Override
    public int read(ObjectName name, long offset, ByteBuffer target) {
        return talk(line -> {
            int done = 0;
            while (target.hasRemaining()) {
                int wanted;
                int got;
                var demand = Throttle.Demand.of(
                        Throttle.Resource.DISK_READ, Math.min(target.remaining(), Protocol.LONGEST_READ));
                try (Throttle.Permit permit = throttle.acquire(demand)) {
                    wanted = (int) permit.amount();
                    got = read(line, name, offset + done, wanted, target);
                    permit.commit(got);
                }
                done += got;
                if (got < wanted) {
                    break;
                }
            }
            return done;
        });
    }

    private int read(Line line, ObjectName name, long offset, int wanted, ByteBuffer target) throws IOException {
        line.request(Protocol.READ, name.text());
        line.out.writeLong(offset);
        line.out.writeInt(wanted);
        int word = line.answer();
        if (word != Protocol.OK) {
            throw failure(word, name.text());
        }
        int got = line.in.readInt();
        if (got < 0 || got > wanted) {
            throw new IOException("more was sent than was asked for");
        }
        target.put(line.in.readNBytes(got));
        return got;
    }

    @Override
    public OptionalLong length(ObjectName name) {
        return talk(line -> {
            line.request(Protocol.LENGTH, name.text());
            int word = line.answer();
            return switch (word) {
                case Protocol.OK -> OptionalLong.of(line.in.readLong());
                case Protocol.ABSENT -> OptionalLong.empty();
                default -> throw failure(word, name.text());
            };
        });
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> visitor) {
        // Gathered first: a visitor may call the store itself, and must not find the line busy.
        talk(line -> {
                    line.request(Protocol.LIST, prefix);
                    int word = line.answer();
                    if (word != Protocol.OK) {
                        throw failure(word, prefix);
                    }
                    var found = new ArrayList<ObjectInfo>();
                    for (int length = line.in.readUnsignedShort(); length > 0; length = line.in.readUnsignedShort()) {
                        String name = Protocol.readName(line.in, length);
                        long size = line.in.readLong();
                        if (ObjectName.isName(name)) {
                            found.add(new ObjectInfo(ObjectName.of(name), size));
                        }
                    }
                    return found;
                })
                .forEach(visitor);
    }

    @Override
    public boolean delete(ObjectName name) {
        throw ErrorCode.STORE_DENIED
                .because("nothing is deleted through a gateway")
                .with("object", name);
    }

    @Override
    public boolean isEmpty() {
        throw ErrorCode.STORE_DENIED.because("a repository is made where it lies, and not through a gateway");
    }

    @Override
    public void close() {
        for (Line line = idle.poll(); line != null; line = idle.poll()) {
            hangUp(line);
        }
    }
}
