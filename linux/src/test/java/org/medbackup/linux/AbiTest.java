package org.medbackup.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The numbers that differ between the architectures, as the headers of Linux 6.12 have them. */
class AbiTest {

    @TempDir
    Path temp;

    @Test
    void numbersOfX86AreThoseOfItsHeaders() {
        Abi abi = Abi.of("amd64");

        assertThat(abi.direct()).isEqualTo(0x4000);
        assertThat(abi.largeFile()).isEqualTo(0x8000);
        assertThat(abi.folder()).isEqualTo(0x10000);
        assertThat(abi.noFollow()).isEqualTo(0x20000);
        assertThat(abi.getdents64()).isEqualTo(217);
        assertThat(abi.renameat2()).isEqualTo(316);
        assertThat(abi.copyFileRange()).isEqualTo(326);
        assertThat(abi.openat2()).isEqualTo(437);
        assertThat(Abi.of("x86_64")).isEqualTo(abi);
    }

    @Test
    void numbersOfArmAreThoseOfItsHeaders() {
        Abi abi = Abi.of("aarch64");

        assertThat(abi.folder()).isEqualTo(0x4000);
        assertThat(abi.noFollow()).isEqualTo(0x8000);
        assertThat(abi.direct()).isEqualTo(0x10000);
        assertThat(abi.largeFile()).isEqualTo(0x20000);
        assertThat(abi.getdents64()).isEqualTo(61);
        assertThat(abi.renameat2()).isEqualTo(276);
        assertThat(abi.copyFileRange()).isEqualTo(285);
        assertThat(abi.openat2()).isEqualTo(437);
    }

    @Test
    void noTwoOpenFlagsOfOneArchitectureAreTheSame() {
        for (Abi abi : new Abi[] {Abi.X86_64, Abi.AARCH64}) {
            int common = Fd.CREATE | Fd.EXCLUSIVE | Fd.NON_BLOCK | Fd.NO_ACCESS_TIME | Fd.READ_WRITE | Fd.WRITE;
            int all = common | abi.folder() | abi.noFollow() | abi.direct() | abi.largeFile();
            assertThat(Integer.bitCount(all)).isEqualTo(Integer.bitCount(common) + 4);
        }
    }

    @Test
    void anArchitectureWithoutNumbersIsRefused() {
        assertThatThrownBy(() -> Abi.of("riscv64"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("riscv64");
    }

    @Test
    void theNumbersOfThisMachineDoWhatTheySay() {
        byte[] name = temp.toString().getBytes(UTF_8);

        try (Fd folder = Fd.CWD.open(name, Fd.READ | Fd.FOLDER)) {
            assertThat(folder.status().isFolder()).isTrue();
            Entries.makeSymlink(folder, "l".getBytes(UTF_8), "x".getBytes(UTF_8));
            assertThatThrownBy(() -> folder.open("l".getBytes(UTF_8), Fd.READ | Fd.NO_FOLLOW))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            failure -> assertThat(failure.errno()).isEqualTo(Errno.ELOOP));
        }
        assertThat(Abi.OWN).isIn(Abi.X86_64, Abi.AARCH64);
    }
}
