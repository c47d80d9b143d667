package org.medbackup.store.file;

import java.io.IOException;
import java.nio.file.Path;

/** The real file system but for link(2), which a test does in its own way, as NFS may. */
record LinkingDisk(Linking linking) implements Disk {

    @FunctionalInterface
    interface Linking {

        void link(Path name, Path existing) throws IOException;
    }

    @Override
    public NewFile create(Path file) throws IOException {
        return Disk.real().create(file);
    }

    @Override
    public void makeFolder(Path folder) throws IOException {
        Disk.real().makeFolder(folder);
    }

    @Override
    public void link(Path name, Path existing) throws IOException {
        linking.link(name, existing);
    }

    @Override
    public boolean remove(Path file) throws IOException {
        return Disk.real().remove(file);
    }

    @Override
    public void sync(Path folder) throws IOException {
        Disk.real().sync(folder);
    }
}
