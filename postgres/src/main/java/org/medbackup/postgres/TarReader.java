package org.medbackup.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads the archives that we ship: POSIX and GNU tar with files, folders and symbolic links, names up to 255 bytes. Any
 * other kind of entry, and any name or link that leads out of the folder, is refused.
 *
 * <p>Format: POSIX.1-1988 ustar; the GNU variant has two blanks after {@code ustar} and no name prefix.
 */
final class TarReader {

    private static final int BLOCK = 512;

    private final InputStream tar;

    TarReader(InputStream tar) {
        this.tar = tar;
    }

    /** Unpacks all of it into a new folder; everyone may read the result, only its owner may write. */
    void unpackInto(Path folder) throws IOException {
        Path root = folder.toAbsolutePath().normalize();
        Permissions.createOpenFolders(root);
        byte[] header = tar.readNBytes(BLOCK);
        while (header.length == BLOCK && header[0] != 0) {
            checkSum(header);
            entry(root, header);
            header = tar.readNBytes(BLOCK);
        }
        if (header.length < BLOCK) {
            throw new IOException("the archive ends in the middle");
        }
    }

    private void entry(Path root, byte[] header) throws IOException {
        Path target = root.resolve(name(header)).normalize();
        if (!target.startsWith(root)) {
            throw new IOException("an entry of the archive leads out of its folder");
        }
        long size = octal(header, 124, 12);
        switch (header[156]) {
            case '0', 0 -> file(target, size, (octal(header, 100, 8) & 0100) != 0);
            case '2' -> link(root, target, text(header, 157, 100));
            case '5' -> Permissions.createOpenFolders(target);
            default -> throw new IOException("the archive has an entry of an unknown kind");
        }
    }

    private void file(Path target, long size, boolean program) throws IOException {
        Permissions.createOpenFolders(parent(target));
        try (OutputStream out = Files.newOutputStream(target)) {
            byte[] buffer = new byte[64 * 1024];
            long left = size;
            while (left > 0) {
                int read = tar.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new IOException("the archive ends in the middle");
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
        Permissions.open(target, program);
        tar.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
    }

    private static void link(Path root, Path target, String to) throws IOException {
        if (!parent(target).resolve(to).normalize().startsWith(root)) {
            throw new IOException("a link of the archive leads out of its folder");
        }
        Permissions.createOpenFolders(parent(target));
        Files.createSymbolicLink(target, Path.of(to));
    }

    private static Path parent(Path target) throws IOException {
        Path parent = target.getParent();
        if (parent == null) {
            throw new IOException("an entry of the archive has no folder");
        }
        return parent;
    }

    private static String name(byte[] header) {
        boolean posix = header[262] == 0;
        String prefix = posix ? text(header, 345, 155) : "";
        return prefix.isEmpty() ? text(header, 0, 100) : prefix + "/" + text(header, 0, 100);
    }

    private static void checkSum(byte[] header) throws IOException {
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            // The sum is taken as if its own field were blank.
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        if (sum != octal(header, 148, 8)) {
            throw new IOException("a header of the archive is damaged");
        }
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }

    private static long octal(byte[] header, int from, int length) throws IOException {
        String digits = text(header, from, length).trim();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException damaged) {
            throw new IOException("a number of the archive is damaged", damaged);
        }
    }
}
