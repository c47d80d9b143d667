package org.medbackup.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a file holds, as a recipe: pieces of seeded streams in a row. A file of many gigabytes takes a few words of memory,
 * and what stays of it through an edit stays the same bytes. Immutable.
 *
 * <p>Equal are contents made of the same pieces; different pieces can have the same bytes (zeros and holes do).
 */
public final class Content {

    /** No bytes. */
    public static final Content EMPTY = new Content(List.of());

    private final List<Piece> pieces;
    private final long size;

    private Content(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
        this.size = pieces.stream().mapToLong(Piece::length).sum();
    }

    /** A stretch of a file that has data; what lies between extents is a hole. */
    public record Extent(long offset, long length) {}

    private record Piece(Fill fill, long seed, long position, long length) {

        Piece from(long skip) {
            return new Piece(fill, seed, position + skip, length - skip);
        }

        Piece upTo(long kept) {
            return new Piece(fill, seed, position, kept);
        }

        boolean continuesAs(Piece next) {
            boolean blank = fill == Fill.HOLE || fill == Fill.ZEROS;
            return fill == next.fill && (blank || seed == next.seed && position + length == next.position);
        }
    }

    /** Bytes that do not compress: those of {@link Bytes#random}. */
    public static Content random(long seed, long length) {
        return of(Fill.RANDOM, seed, length);
    }

    /** Text: that of {@link Bytes#text}. */
    public static Content text(long seed, long length) {
        return of(Fill.TEXT, seed, length);
    }

    /** Bytes that compress by half: those of {@link Bytes#halfCompressible}. */
    public static Content halfCompressible(long seed, long length) {
        return of(Fill.HALF, seed, length);
    }

    /** Zeros that are written. */
    public static Content zeros(long length) {
        return of(Fill.ZEROS, 0, length);
    }

    /** Zeros that are not written: a hole of a sparse file. */
    public static Content hole(long length) {
        return of(Fill.HOLE, 0, length);
    }

    private static Content of(Fill fill, long seed, long length) {
        return length == 0 ? EMPTY : new Content(List.of(new Piece(fill, seed, 0, length)));
    }

    /** Length in bytes, holes included. */
    public long size() {
        return size;
    }

    /** Whether there is a hole. */
    public boolean isSparse() {
        return pieces.stream().anyMatch(piece -> piece.fill == Fill.HOLE);
    }

    /** Where data are, ascending; neighbours are one. */
    public List<Extent> extents() {
        var extents = new ArrayList<Extent>();
        long offset = 0;
        for (Piece piece : pieces) {
            if (piece.fill != Fill.HOLE) {
                Extent last = extents.isEmpty() ? new Extent(-1, 0) : extents.getLast();
                boolean joined = last.offset + last.length == offset;
                if (joined) {
                    extents.removeLast();
                }
                long start = joined ? last.offset : offset;
                extents.add(new Extent(start, offset + piece.length - start));
            }
            offset += piece.length;
        }
        return extents;
    }

    /** All bytes, for what fits an array. */
    public byte[] bytes() {
        var bytes = new byte[Math.toIntExact(size)];
        read(0, bytes, 0, bytes.length);
        return bytes;
    }

    /** Makes a stretch of the bytes, which must lie within. */
    public void read(long offset, byte[] target, int from, int length) {
        Objects.checkFromIndexSize(offset, length, size);
        long start = 0;
        for (Piece piece : pieces) {
            long first = Math.max(start, offset);
            long end = Math.min(start + piece.length, offset + length);
            if (first < end) {
                int at = from + (int) (first - offset);
                piece.fill.fill(piece.seed, piece.position + first - start, target, at, (int) (end - first));
            }
            start += piece.length;
        }
    }

    /** This and then the other. */
    public Content then(Content other) {
        var joined = new ArrayList<Piece>(pieces);
        for (Piece piece : other.pieces) {
            if (!joined.isEmpty() && joined.getLast().continuesAs(piece)) {
                Piece last = joined.removeLast();
                joined.add(last.upTo(last.length + piece.length));
            } else {
                joined.add(piece);
            }
        }
        return new Content(joined);
    }

    /** The bytes from one offset to before another. */
    public Content slice(long from, long to) {
        Objects.checkFromToIndex(from, to, size);
        var kept = new ArrayList<Piece>();
        long start = 0;
        for (Piece piece : pieces) {
            long first = Math.max(start, from);
            long end = Math.min(start + piece.length, to);
            if (first < end) {
                kept.add(piece.from(first - start).upTo(end - first));
            }
            start += piece.length;
        }
        return new Content(kept);
    }

    /** With more bytes at an offset; what follows moves on. */
    public Content insert(long offset, Content more) {
        return slice(0, offset).then(more).then(slice(offset, size));
    }

    /** Without the bytes from one offset to before another; what follows moves up. */
    public Content delete(long from, long to) {
        return slice(0, from).then(slice(to, size));
    }

    /** With other bytes from an offset on; longer where they reach beyond the end. */
    public Content overwrite(long offset, Content other) {
        return slice(0, offset).then(other).then(slice(Math.min(size, offset + other.size), size));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Content content && pieces.equals(content.pieces);
    }

    @Override
    public int hashCode() {
        return pieces.hashCode();
    }

    /** The size and the extents. */
    @Override
    public String toString() {
        return size + " bytes in " + extents();
    }
}
