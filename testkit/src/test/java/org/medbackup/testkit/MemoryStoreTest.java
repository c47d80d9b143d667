package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;

class MemoryStoreTest implements ObjectStoreContract {

    private final MemoryStore store = new MemoryStore();

    @Override
    public ObjectStore open() {
        return store;
    }

    @Test
    void aTestCanDamageACopy() {
        var name = ObjectName.of("d/x");
        store.putIfAbsent(name, ObjectContent.of(new byte[] {1, 2}));
        MemoryStore copy = store.copy();

        copy.flip(name, 1);
        copy.overwrite(ObjectName.of("d/y"), new byte[3]);

        assertThat(copy.readAll(name)).containsExactly(1, (byte) ~2);
        assertThat(store.readAll(name)).containsExactly(1, 2);
        assertThat(copy.names("d/")).hasSize(2);
        assertThat(store.names()).containsExactly(name);
    }
}
