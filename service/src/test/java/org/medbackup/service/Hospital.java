package org.medbackup.service;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.medbackup.corpus.ClinicalDocuments;
import org.medbackup.corpus.SeededRandom;

/** Files of a hospital that change from day to day, and what ransomware does to them. */
final class Hospital {

    private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0, 0, 16, 'J', 'F', 'I', 'F'};
    private static final byte[] XZ = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0, 0, 4};

    private final Path root;
    private final SeededRandom random;
    private final ClinicalDocuments documents;
    private final Set<Path> files = new TreeSet<>();
    private int next;

    Hospital(Path root, long seed) {
        this.root = root;
        this.random = SeededRandom.of(seed);
        this.documents = ClinicalDocuments.of(seed).withImageBytes(12_000);
    }

    /** Has so many files. */
    Hospital with(int count) {
        while (files.size() < count) {
            add();
        }
        return this;
    }

    List<Path> files() {
        return List.copyOf(files);
    }

    private void add() {
        int number = next++;
        switch (number % 10) {
            case 0 -> put("scans/" + number + ".jpg", joined(JPEG, noise(between(4_000, 30_000))));
            case 1 -> put("old/" + number + ".log.gz", gzip(text(between(20_000, 90_000))));
            case 2 -> put("old/" + number + ".tar.xz", joined(XZ, noise(between(2_000, 20_000))));
            // As a database with transparent encryption has: nothing but noise, and no magic number.
            case 3 -> put("tde/" + number + ".ibd", noise(between(16_000, 64_000)));
            case 4 -> put("tables/" + number + ".csv", text(between(600, 40_000)));
            default -> {
                var document = documents.document(number);
                put("charts/" + number + "/" + document.relativePath(), document.content());
            }
        }
    }

    private int between(int least, int most) {
        return random.between(least, most);
    }

    private byte[] noise(int length) {
        return random.bytes(length);
    }

    private byte[] text(int length) {
        var out = new ByteArrayOutputStream();
        while (out.size() < length) {
            String line =
                    random.digits(6) + ";ward " + random.below(30) + ";systolic " + random.between(90, 180) + "\n";
            out.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private static byte[] gzip(byte[] plain) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    private void put(String name, byte[] content) {
        Path file = root.resolve(name);
        Site.write(file, content);
        files.add(file);
    }

    /** A day: some files are new, some are changed as their programs change them, some are gone or have other names. */
    void day() throws IOException {
        int some = Math.max(2, files.size() / 100);
        for (int i = 0; i < some; i++) {
            add();
        }
        for (Path each : chosen(2 * some)) {
            change(each);
        }
        for (Path each : chosen(Math.max(1, some / 4))) {
            Files.delete(each);
            files.remove(each);
        }
        for (Path each : chosen(Math.max(1, some / 4))) {
            Path other = each.resolveSibling("seen-" + random.digits(6) + "-" + each.getFileName());
            Files.move(each, other);
            files.remove(each);
            files.add(other);
        }
    }

    private void change(Path file) throws IOException {
        String name = file.toString();
        if (name.endsWith(".ibd")) {
            byte[] pages = Files.readAllBytes(file);
            System.arraycopy(noise(4096), 0, pages, 4096 * random.below(pages.length / 4096), 4096);
            Files.write(file, pages);
        } else if (name.endsWith(".gz")) {
            Files.write(file, gzip(text(between(20_000, 90_000))));
        } else {
            byte[] more = name.endsWith(".jpg") || name.endsWith(".xz") ? noise(200) : text(200);
            Files.write(file, more, StandardOpenOption.APPEND);
        }
    }

    /** Some of the files, each once. */
    List<Path> chosen(int count) {
        List<Path> all = random.shuffled(files);
        return new ArrayList<>(all.subList(0, Math.min(count, all.size())));
    }

    /** Encrypts a file where it lies. */
    static void encrypt(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, aes(bytes, 0, bytes.length));
    }

    /** Encrypts every other block of 4 KiB, as those do who are in a hurry. */
    static void encryptEveryOtherBlock(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        for (int at = 0; at < bytes.length; at += 8192) {
            int length = Math.min(4096, bytes.length - at);
            System.arraycopy(aes(bytes, at, length), 0, bytes, at, length);
        }
        Files.write(file, bytes);
    }

    private static byte[] aes(byte[] bytes, int offset, int length) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            var key = new SecretKeySpec("an attacker's key of 32 bytes ..".getBytes(StandardCharsets.US_ASCII), "AES");
            cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(new byte[16]));
            return cipher.doFinal(bytes, offset, length);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
