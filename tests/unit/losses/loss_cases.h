/* tests/unit/losses/loss_cases.h - random awkward batches for every loss, and losses by text. */
#ifndef FEL_TESTS_LOSS_CASES_H
#define FEL_TESTS_LOSS_CASES_H

#include <feller/loss.h>

/* A loss with settings such as "quantile=0.2,by=range" over its defaults. */
fel_loss loss_of(const char *name, const char *settings);

typedef enum case_target {
    TARGET_NORMAL,   /* scale x a standard normal */
    TARGET_POSITIVE, /* scale x a number in (0.2, 2.2) */
    TARGET_SHARE,    /* in [0, 1], some of them exactly 0 or 1 */
    TARGET_CLASS,    /* 0 .. n_outputs - 1 */
    TARGET_GRADE     /* 0 .. 4 */
} case_target;

typedef struct loss_case {
    const char *name, *settings;
    case_target target;
    double target_scale;
    case_target output; /* TARGET_NORMAL or TARGET_POSITIVE */
    double output_scale;
} loss_case;

/* Every loss at least once, with parameters that are not the defaults. */
extern const loss_case loss_cases[];
extern const size_t n_loss_cases;

enum { CASE_ROWS = 23, CASE_GROUPS = 4, CASE_OUTPUTS = 5 };

/* A batch and the arrays that it shows. */
typedef struct case_batch {
    fel_loss_batch batch;
    double outputs[CASE_ROWS * CASE_OUTPUTS], targets[CASE_ROWS * CASE_OUTPUTS];
    double weights[CASE_ROWS], before[CASE_GROUPS * CASE_OUTPUTS];
    size_t order[CASE_ROWS], group_starts[CASE_GROUPS + 1];
} case_batch;

/* Fill it: uneven weights, three rows of weight 0 whose numbers are NaN, rows out of order, four
 * groups of which one is empty, positions before. seed: another batch. */
void case_fill(case_batch *b, const loss_case *c, size_t n_outputs, uint64_t seed);
/* How many outputs a loss of this shape may have, for a wish. */
size_t case_outputs(const fel_loss_class *code, size_t wish);

double loss_value(const fel_loss *loss, const fel_loss_batch *batch);
/* Value of a batch of one output a sample in order. */
double loss_of_pairs(const char *name, const char *settings, const double *targets,
                     const double *outputs, size_t n);

#endif
