package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.engine.RepositoryOptions;
import org.medbackup.testkit.ManualTime;

/** A repository that is served to writers, and used through the gateway. */
class GatewayTest {

    @TempDir
    Path temp;

    @Test
    void aWriterBacksUpThroughAGatewayUntilItIsClosed() {
        // A clock on which the wait for a gateway that was closed takes no time.
        var time = new ManualTime(TimeSource.system().now().plusSeconds(60));
        try (Site site = new Site(temp, Site.settings(temp.resolve("state"), time))) {
            site.product.init(
                    site.reading(),
                    site.writerKey(),
                    new RepositoryOptions(KeyDerivation.PBKDF2, RepositoryOptions.Signatures.HYBRID));
            site.write("letter.txt", "Dear colleague");
            Path socket = temp.resolve("repo.sock");
            var through =
                    new RepositoryAccess("gateway://" + socket, site.writing().credential());

            site.product.serveGateway(
                    site.repository().toString(), socket, Set.of(System.getProperty("user.name")), serving -> {
                        site.product.backup(through, site.order());
                        Site.failure(
                                ErrorCode.KEY_ROLE_INSUFFICIENT,
                                () -> site.product.snapshots(through, "", new TreeMap<>()));
                        // The owner's keys do not help: the gateway does not give the packs away.
                        Site.failure(
                                ErrorCode.STORE_DENIED,
                                () -> site.product
                                        .keys()
                                        .list(new RepositoryAccess(
                                                "gateway://" + socket,
                                                site.reading().credential())));
                        serving.close();
                    });

            Site.failure(ErrorCode.STORE_UNAVAILABLE, () -> site.product.backup(through, site.order()));
            assertThat(site.product.snapshots(site.reading(), "", new TreeMap<>()))
                    .hasSize(1);
            Site.failure(
                    ErrorCode.REPOSITORY_NOT_FOUND,
                    () -> site.product.serveGateway(
                            temp.resolve("none").toString(), socket, Set.of("root"), serving -> {}));
        }
    }
}
