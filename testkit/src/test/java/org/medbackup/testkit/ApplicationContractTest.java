package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.medbackup.core.spi.app.Application;

/** The contract is one that an application can keep. */
class ApplicationContractTest implements ApplicationContract {

    private final Notebook.Page page = new Notebook.Page();

    @Override
    public Application open() {
        return new Notebook(page);
    }

    @AfterEach
    void nothingStaysFrozen() {
        assertThat(page.isFrozen()).isFalse();
    }

    @Test
    void whatWasHandedOverIsKeptInOrder() {
        var names = new HandedOver();
        try (Application notebook = open()) {
            notebook.copy(names);
        }
        assertThat(names.trees()).containsExactly("/notebook");
        assertThat(names.all()).containsExactly("/notebook", "/notebook/page", "/notebook/mark");
    }
}
