package org.medbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.medbackup.audit.files.Bundle;
import org.medbackup.audit.files.Frame;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;

/** Does to files what somebody without the host's key can do. */
final class Forger {

    private Forger() {}

    static Path bundle(Path folder, int number) {
        return folder.resolve("entries").resolve("00" + number);
    }

    /** Writes a file of entries anew, with fitting checksums. */
    static void rewrite(Path file, Consumer<List<Frame>> change) throws IOException {
        List<Frame> frames = new ArrayList<>(Bundle.read(file).leading());
        change.accept(frames);
        var bytes = new ByteArrayOutputStream();
        frames.forEach(frame -> bytes.writeBytes(frame.encode()));
        Files.write(file, bytes.toByteArray());
    }

    static Frame edited(Frame frame, String from, String to) {
        String text = new String(frame.record(), StandardCharsets.UTF_8);
        assertThat(text).contains(from);
        return new Frame(text.replace(from, to).getBytes(StandardCharsets.UTF_8), frame.tag());
    }

    static void assertRefusesToAppend(Path folder) {
        assertThatThrownBy(() -> Trails.open(folder).close())
                .isInstanceOfSatisfying(
                        DamageException.class,
                        damage -> assertThat(damage.code()).isEqualTo(ErrorCode.AUDIT_DAMAGED));
    }
}
