package org.medbackup.audit.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProofsTest {

    private static final int LEAVES = 121;

    /** Written from the definition of RFC 9162, 2.1.1, and from nothing else. */
    private static Hash naiveRoot(List<Hash> leaves) {
        if (leaves.isEmpty()) {
            return Hash.EMPTY_TREE;
        }
        if (leaves.size() == 1) {
            return leaves.getFirst();
        }
        int split = 1;
        while (split * 2 < leaves.size()) {
            split *= 2;
        }
        return Hash.node(naiveRoot(leaves.subList(0, split)), naiveRoot(leaves.subList(split, leaves.size())));
    }

    private static List<Hash> leaves(int count) {
        var leaves = new ArrayList<Hash>();
        for (int i = 0; i < count; i++) {
            leaves.add(Hash.leaf(("leaf " + i).getBytes(StandardCharsets.UTF_8)));
        }
        return leaves;
    }

    private static Subtrees over(List<Hash> leaves) {
        return (height, index) -> {
            int first = Math.toIntExact(index << height);
            return naiveRoot(leaves.subList(first, first + (1 << height)));
        };
    }

    private static List<Hash> roots(List<Hash> leaves) {
        var roots = new ArrayList<Hash>();
        for (int size = 0; size <= leaves.size(); size++) {
            roots.add(naiveRoot(leaves.subList(0, size)));
        }
        return roots;
    }

    private static final List<String> REFERENCE_LEAVES =
            List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");

    // The answers that the reference implementation of Certificate Transparency is tested with
    private static final List<String> REFERENCE_ROOTS = List.of(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    private static List<Hash> referenceLeaves() {
        return REFERENCE_LEAVES.stream()
                .map(hex -> Hash.leaf(HexFormat.of().parseHex(hex)))
                .toList();
    }

    @Test
    void rootsAreThoseOfTheReferenceImplementation() {
        var tree = new GrowingTree((level, index, hashes) -> {});
        Subtrees subtrees = over(referenceLeaves());

        for (int size = 0; size <= 8; size++) {
            assertThat(tree.head()).isEqualTo(new TreeHead(size, Hash.parse(REFERENCE_ROOTS.get(size))));
            assertThat(subtrees.root(size).toString()).isEqualTo(REFERENCE_ROOTS.get(size));
            if (size < 8) {
                tree.add(referenceLeaves().get(size));
            }
        }
    }

    @Test
    void proofsAreThoseOfTheReferenceImplementation() {
        Subtrees tree = over(referenceLeaves());

        assertThat(tree.inclusion(0, 8).path())
                .map(Hash::toString)
                .containsExactly(
                        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
        assertThat(tree.consistency(6, 8).path())
                .map(Hash::toString)
                .containsExactly(
                        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
    }

    @Test
    void everyLeafIsProvenInEveryTreeAndNoWrongOneIs() {
        List<Hash> leaves = leaves(LEAVES);
        List<Hash> roots = roots(leaves);
        Subtrees tree = over(leaves);

        for (int size = 1; size < LEAVES; size++) {
            for (int index = 0; index < size; index++) {
                InclusionProof proof = tree.inclusion(index, size);
                Hash leaf = leaves.get(index);

                assertThat(proof.verifies(leaf, roots.get(size))).isTrue();
                assertThat(proof.verifies(leaves.get(index + 1), roots.get(size)))
                        .isFalse();
                assertThat(proof.verifies(leaf, roots.get(size - 1))).isFalse();
                assertThat(new InclusionProof(index, size, longer(proof.path())).verifies(leaf, roots.get(size)))
                        .isFalse();
                assertThat(size > 1
                                && new InclusionProof(index, size, shorter(proof.path()))
                                        .verifies(leaf, roots.get(size)))
                        .isFalse();
            }
        }
    }

    @Test
    void everyTreeIsProvenToBeginWithEverySmallerOneAndWithNoOther() {
        List<Hash> leaves = leaves(LEAVES);
        List<Hash> roots = roots(leaves);
        Subtrees tree = over(leaves);

        for (int to = 0; to < LEAVES; to++) {
            for (int from = 0; from <= to; from++) {
                ConsistencyProof proof = tree.consistency(from, to);

                assertThat(proof.verifies(roots.get(from), roots.get(to))).isTrue();
                assertThat(proof.verifies(roots.get(from + 1), roots.get(to))).isFalse();
                assertThat(from > 0 && proof.verifies(roots.get(from), roots.get(to + 1)))
                        .isFalse();
                assertThat(new ConsistencyProof(from, to, longer(proof.path()))
                                .verifies(roots.get(from), roots.get(to)))
                        .isFalse();
                assertThat(!proof.path().isEmpty()
                                && new ConsistencyProof(from, to, shorter(proof.path()))
                                        .verifies(roots.get(from), roots.get(to)))
                        .isFalse();
            }
        }
    }

    private static List<Hash> longer(List<Hash> path) {
        var longer = new ArrayList<>(path);
        longer.add(Hash.EMPTY_TREE);
        return longer;
    }

    private static List<Hash> shorter(List<Hash> path) {
        return path.isEmpty() ? List.of() : path.subList(0, path.size() - 1);
    }

    @Test
    void aTreeOfTilesGrowsAsTheDefinitionSaysAndGoesOnFromItsTiles() {
        List<Hash> leaves = leaves(600);
        var tiles = new ArrayList<String>();
        var tree = new GrowingTree((level, index, hashes) -> tiles.add(level + "/" + index + "/" + hashes.length));
        leaves.forEach(tree::add);
        var resumed = new GrowingTree((level, index, hashes) -> {});
        resumed.addSubtree(1, naiveRoot(leaves.subList(0, 256)));
        resumed.addSubtree(1, naiveRoot(leaves.subList(256, 512)));
        leaves.subList(512, 600).forEach(resumed::add);

        assertThat(tree.root()).isEqualTo(naiveRoot(leaves));
        assertThat(tree.size()).isEqualTo(600);
        assertThat(tiles).containsExactly("0/0/8192", "0/1/8192");
        assertThat(resumed.head()).isEqualTo(tree.head());
        assertThatThrownBy(() -> resumed.addSubtree(1, Hash.EMPTY_TREE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatCannotBeIsRefused() {
        Subtrees tree = over(leaves(4));

        assertThatThrownBy(() -> tree.inclusion(4, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tree.inclusion(-1, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tree.consistency(3, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new InclusionProof(1, 1, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TreeHead(-1, Hash.EMPTY_TREE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Hash.parse("00")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Hash.copyOf(new byte[40], 9)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hashesAreComparedByTheirBytes() {
        Hash hash = Hash.leaf(new byte[0]);

        assertThat(hash)
                .isEqualTo(Hash.copyOf(hash.bytes(), 0))
                .hasSameHashCodeAs(Hash.parse(hash.toString()))
                .isNotEqualTo(Hash.EMPTY_TREE)
                .isNotEqualTo("something else");
    }
}
