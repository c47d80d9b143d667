package org.medbackup.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderTest {

    @TempDir
    Path temp;

    private Fd open() {
        return Fd.CWD.open(temp.toString().getBytes(StandardCharsets.UTF_8), Fd.READ | Fd.FOLDER);
    }

    private static List<String> hex(Folder folder) {
        var names = new ArrayList<String>();
        for (int i = 0; i < folder.size(); i++) {
            names.add(HexFormat.of().formatHex(folder.name(i)));
        }
        return names;
    }

    @Test
    void anEmptyFolderHasNoNames() {
        try (Fd folder = open()) {
            assertThat(Folder.read(folder).size()).isZero();
        }
    }

    @ParameterizedTest(name = "{0} entries")
    @ValueSource(ints = {1, 2, 3, 100, 5000})
    void namesComeSortedByTheirBytes(int count) {
        var expected = new TreeSet<String>();
        var random = new Random(count);
        try (Fd folder = open()) {
            while (expected.size() < count) {
                var name = new byte[1 + random.nextInt(254)];
                random.nextBytes(name);
                for (int i = 0; i < name.length; i++) {
                    name[i] = name[i] == 0 || name[i] == '/' ? (byte) 0xfe : name[i];
                }
                if (Arrays.equals(name, new byte[] {'.'}) || Arrays.equals(name, new byte[] {'.', '.'})) {
                    continue;
                }
                if (expected.add(HexFormat.of().formatHex(name))) {
                    folder.open(name, Fd.WRITE | Fd.CREATE, 0600).close();
                }
            }
        }
        try (Fd folder = open()) {
            assertThat(hex(Folder.read(folder))).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void namesWithLeadingDotsAreNotTakenForTheDots() throws Exception {
        for (String name : new String[] {"...", ".a", "..b", ".", ".."}) {
            if (!name.equals(".") && !name.equals("..")) {
                Files.createFile(temp.resolve(name));
            }
        }
        try (Fd folder = open()) {
            assertThat(Folder.read(folder).size()).isEqualTo(3);
        }
    }

    @Test
    void readingAFileAsAFolderFails() throws Exception {
        Path file = Files.createFile(temp.resolve("f"));
        try (Fd fd = Fd.CWD.open(file.toString().getBytes(StandardCharsets.UTF_8), Fd.READ)) {
            assertThatThrownBy(() -> Folder.read(fd)).isInstanceOf(LinuxException.class);
        }
    }
}
