/**
 * Generators of test material. Begin with {@link org.medbackup.corpus.Seeds} for property tests,
 * {@link org.medbackup.corpus.ClinicalDocuments} for what a hospital stores,
 * {@link org.medbackup.corpus.RandomTree} for file trees and {@link org.medbackup.corpus.BenchmarkCorpus} for bulk.
 *
 * <p>Nobody in here exists: see {@link org.medbackup.corpus.Patients} for what keeps the identifiers from being anyone's.
 */
@NullMarked
package org.medbackup.corpus;

import org.jspecify.annotations.NullMarked;
