package org.medbackup.governor.signal;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.spi.signal.SignalProvider;
import org.medbackup.testkit.SignalContract;

class AwaitSignalTest implements SignalContract {

    @TempDir
    Path temp;

    @Override
    public SignalProvider provider() {
        return new MachineSignals();
    }

    @Override
    public URI there() {
        return URI.create("disk-await:" + temp);
    }

    @Override
    public URI absent() {
        return URI.create("disk-await:" + temp.resolve("none"));
    }

    @Override
    public URI malformed() {
        return URI.create("disk-await:../vda");
    }

    @Override
    public String secret() {
        return temp.toString();
    }
}
