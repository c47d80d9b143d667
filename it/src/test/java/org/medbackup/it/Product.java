package org.medbackup.it;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.event.Actor;
import org.medbackup.engine.RestoreResult;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.engine.VerifyResult;
import org.medbackup.service.CredentialSource;
import org.medbackup.service.MedBackup;
import org.medbackup.service.RepositoryAccess;
import org.medbackup.service.RestoreOrder;
import org.medbackup.service.Settings;

/** The library, which looks at what the program did: quicker than another process. */
final class Product implements AutoCloseable {

    private final MedBackup product;
    private final RepositoryAccess access;

    Product(Path folder) {
        this(folder, folder.resolve("repository"));
    }

    /** Looks at another repository than the usual one. */
    Product(Path folder, Path repository) {
        product = MedBackup.open(Settings.of(folder.resolve("observer"), new Actor("test", "localhost", null, null)));
        access = new RepositoryAccess(
                repository.toString(), new CredentialSource.Password(Secret.ofText(Program.PASSWORD)));
    }

    void init(Path writerKey) {
        product.init(access, writerKey);
    }

    /** Makes the repository, and a file that opens it as its owner without stretching a password. */
    void initWithOwnerKey(Path ownerKey) {
        product.init(access, null);
        product.keys().exportRecovery(access, ownerKey);
    }

    /** Those of what is backed up, without those of the site. */
    Set<String> restorePoints() {
        return product.snapshots(access, "", Collections.emptySortedMap()).stream()
                .filter(view -> !view.snapshot().isOfSite())
                .map(view -> view.snapshot().id())
                .collect(Collectors.toSet());
    }

    VerifyResult verify(VerifyLevel level) {
        return product.verify(access, level, 100, List.of());
    }

    RestoreResult restore(String snapshot, Path folder, Path target) {
        return product.restore(access, new RestoreOrder(snapshot, PathBytes.of(folder.toString()), List.of(), target));
    }

    @Override
    public void close() {
        product.close();
    }
}
