/* study/hedging_compare_internal.h - rows of the table of comparisons as they are made. */
#ifndef FEL_STUDY_HEDGING_COMPARE_H
#define FEL_STUDY_HEDGING_COMPARE_H

#ifndef FEL_MODULE_STUDY
#error "study/hedging_compare_internal.h belongs to study/"
#endif

#include "study/hedging_internal.h"

typedef struct contest {
    hedging *h;
    size_t hedger, against, n_seeds;
    int has_claims;
    fel_hedge_comparison *rows;
    size_t n, most;
} contest;

/* A new row of the pair, numbers NaN, a fraction. */
fel_hedge_comparison *contest_add(contest *c, const char *budget, const char *name,
                                  const char *label, const char *convention);
/* Mean difference of n pairs of numbers, one a seed. */
fel_status contest_numbers(contest *c, fel_hedge_comparison *row, const double *first,
                           const double *second, size_t n);

/* hedging_budgets.c: from the training curves, whose points are of common validation paths. */
fel_status contest_at_equal_time(contest *c);
fel_status contest_at_equal_loss(contest *c);
/* From the frontier: the cost of either at the other's P&L deviation. */
fel_status contest_at_equal_risk(contest *c);
/* The report's conclusion in words. */
fel_status contest_conclude(contest *c);

#endif
