package org.medbackup.audit.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a file of entries holds, in its order.
 *
 * @param pieces whole frames, and the damaged stretches between and behind them
 */
public record Bundle(List<Piece> pieces) {

    /** More than 256 of the longest entries have; what lies behind is none of ours. */
    public static final int LONGEST = Layout.BUNDLE * (Frame.HEADER + Frame.LONGEST_RECORD) + 1;

    /** A stretch of the file. */
    public sealed interface Piece {

        /** A frame whose checksum fits. */
        record Whole(Frame frame) implements Piece {}

        /**
         * Bytes that are no frame.
         *
         * @param ends whether they are, by their own word, one frame up to the end of the file
         */
        record Damaged(int offset, int length, boolean ends) implements Piece {}
    }

    public Bundle {
        pieces = List.copyOf(pieces);
    }

    /** Reads a whole file. */
    public static Bundle read(Path file) throws IOException {
        return scan(bytes(file));
    }

    /** The bytes of a file, and no more of them than a bundle can have. */
    public static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(LONGEST);
        }
    }

    /** Finds the frames; behind a damaged one it looks for the next whole one. */
    public static Bundle scan(byte[] bytes) {
        var pieces = new ArrayList<Piece>();
        int at = 0;
        while (at < bytes.length) {
            Frame frame = Frame.read(bytes, at);
            if (frame != null) {
                pieces.add(new Piece.Whole(frame));
                at += frame.length();
            } else {
                int next = nextFrame(bytes, at + 1);
                int declared = Frame.declaredLength(bytes, at);
                boolean ends = declared >= 0 && at + Frame.HEADER + declared == bytes.length;
                pieces.add(new Piece.Damaged(at, next - at, ends));
                at = next;
            }
        }
        return new Bundle(pieces);
    }

    private static int nextFrame(byte[] bytes, int from) {
        for (int at = from; at + Frame.HEADER < bytes.length; at++) {
            // Cheap signs first: no length needs its upper half, and every record is an object.
            boolean likely = bytes[at] == 0 && bytes[at + 1] == 0 && bytes[at + Frame.HEADER] == '{';
            if (likely && Frame.read(bytes, at) != null) {
                return at;
            }
        }
        return bytes.length;
    }

    /** The frames up to the first damage. */
    public List<Frame> leading() {
        var frames = new ArrayList<Frame>();
        for (Piece piece : pieces) {
            if (!(piece instanceof Piece.Whole whole)) {
                break;
            }
            frames.add(whole.frame());
        }
        return frames;
    }
}
