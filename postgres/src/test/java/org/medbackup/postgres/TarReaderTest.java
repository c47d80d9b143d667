package org.medbackup.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarReaderTest {

    @TempDir
    Path folder;

    private Path target;
    private final ByteArrayOutputStream tar = new ByteArrayOutputStream();

    @BeforeEach
    void name() {
        target = folder.resolve("unpacked");
    }

    @Test
    void unpacksFilesFoldersAndLinks() throws IOException {
        entry("a/", '5', "", 0755, "");
        entry("a/program", '0', "x".repeat(700), 0755, "");
        entry("a/text", '\0', "hello", 0600, "");
        entry("b/link", '2', "", 0777, "../a/text");

        unpack();

        assertThat(target.resolve("a/program")).hasSize(700).isExecutable();
        assertThat(target.resolve("b/link")).isSymbolicLink().hasContent("hello");
        assertThat(Files.isExecutable(target.resolve("a/text"))).isFalse();
        assertThat(Files.getPosixFilePermissions(target.resolve("a/text"))).hasSize(4);
    }

    @Test
    void joinsThePrefixOfALongPosixName() throws IOException {
        byte[] header = header("file", '0', "", 0644, "");
        write(header, 345, "deep/folder");
        write(header, 257, "ustar\0");
        sum(header);
        tar.writeBytes(header);

        unpack();

        assertThat(target.resolve("deep/folder/file")).isEmptyFile();
    }

    @Test
    void refusesNamesAndLinksThatLeadOut() throws IOException {
        entry("../outside", '0', "x", 0644, "");
        assertThatIOException().isThrownBy(this::unpack).withMessageContaining("leads out");

        tar.reset();
        entry("link", '2', "", 0777, "../outside");
        assertThatIOException().isThrownBy(this::unpack).withMessageContaining("link of the archive leads out");

        assertThat(folder.resolve("outside")).doesNotExist();
    }

    @Test
    void refusesEntriesOfOtherKinds() throws IOException {
        entry("device", '3', "", 0644, "");

        assertThatIOException().isThrownBy(this::unpack).withMessageContaining("unknown kind");
    }

    @Test
    void noticesDamage() throws IOException {
        byte[] header = header("file", '0', "content", 0644, "");
        header[0] = 'F';
        tar.writeBytes(header);
        assertThatIOException().isThrownBy(this::unpack).withMessageContaining("header of the archive is damaged");

        tar.reset();
        byte[] number = header("file", '0', "content", 0644, "");
        write(number, 124, "9z9");
        sum(number);
        tar.writeBytes(number);
        assertThatIOException().isThrownBy(this::unpack).withMessageContaining("number of the archive");
    }

    @Test
    void noticesThatItEndsInTheMiddle() throws IOException {
        assertThatIOException()
                .isThrownBy(() -> new TarReader(new ByteArrayInputStream(new byte[100])).unpackInto(target))
                .withMessageContaining("ends in the middle");

        tar.writeBytes(header("file", '0', "x".repeat(5000), 0644, ""));
        tar.writeBytes(new byte[512]);
        assertThatIOException()
                .isThrownBy(() -> new TarReader(new ByteArrayInputStream(tar.toByteArray())).unpackInto(target))
                .withMessageContaining("ends in the middle");
    }

    private void unpack() throws IOException {
        tar.writeBytes(new byte[1024]);
        new TarReader(new ByteArrayInputStream(tar.toByteArray())).unpackInto(target);
    }

    private void entry(String name, char kind, String content, int mode, String link) {
        tar.writeBytes(header(name, kind, content, mode, link));
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        tar.writeBytes(Arrays.copyOf(bytes, (bytes.length + 511) / 512 * 512));
    }

    private static byte[] header(String name, char kind, String content, int mode, String link) {
        var header = new byte[512];
        write(header, 0, name);
        write(header, 100, String.format("%07o", mode));
        write(header, 124, String.format("%011o", content.length()));
        header[156] = (byte) kind;
        write(header, 157, link);
        write(header, 257, "ustar  ");
        sum(header);
        return header;
    }

    private static void sum(byte[] header) {
        write(header, 148, "        ");
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        write(header, 148, String.format("%06o\0 ", sum));
    }

    private static void write(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
