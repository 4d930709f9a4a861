/* tests/support/paired_table.h - simulated costs of two treatments: seeds and paths that differ.
 */
#ifndef FEL_TESTS_PAIRED_TABLE_H
#define FEL_TESTS_PAIRED_TABLE_H

#include <feller/inference.h>

enum { PAIRED_MOST = 64 * 512 };

/* How far costs lie apart: by path for both treatments alike, by path for the first only, by seed
 * (each treatment's own), by seed and path; true_difference is in the first. */
typedef struct paired_law {
    size_t n_seeds, n_paths;
    double path, path_first, seed, rest, true_difference;
} paired_law;

typedef struct paired_table {
    double first[PAIRED_MOST], second[PAIRED_MOST];
} paired_table;

/* Draw the table of replication `index`; the runs show it. */
fel_paired_runs paired_draw(const paired_law *law, uint64_t index, paired_table *table);
/* Both tables scaled by path deviations that vary by seed: log variances differ by 2 x normal x
 * seed, first - second by true_difference on average. */
fel_paired_runs paired_draw_spreads(const paired_law *law, uint64_t index, paired_table *table);

#endif
