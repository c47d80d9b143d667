package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.PutOutcome;

/** Whoever changes one call of a store gets all others as they were. */
class ForwardingStoreTest {

    @Test
    void everyCallReachesTheStoreBehind() {
        MemoryStore behind = MemoryStore.locking(new ManualTime());
        var store = new ForwardingStore(behind) {};
        ObjectName name = ObjectName.of("d/x");
        var listed = new ArrayList<String>();

        assertThat(store.isEmpty()).isTrue();
        assertThat(store.putIfAbsent(name, ObjectContent.of(new byte[] {7}))).isEqualTo(PutOutcome.CREATED);
        assertThat(store.read(name, 0, ByteBuffer.allocate(1))).isEqualTo(1);
        assertThat(store.length(name)).hasValue(1);
        store.list("", info -> listed.add(info.name().text()));
        assertThat(listed).containsExactly("d/x");
        assertThat(store.locks().orElseThrow().until(name)).isEmpty();
        assertThat(store.recall()).isEmpty();
        assertThat(store.location()).isEqualTo(behind.location());
        assertThat(store.delete(name)).isTrue();
        assertThat(behind.isEmpty()).isTrue();
        store.close();
        assertThat(new FaultyStore(behind, (call, what, number) -> FaultyStore.Fault.NONE).recall())
                .isEmpty();
    }
}
