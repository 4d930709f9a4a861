/* study/hedging_lives_internal.h - option lives on a real series. */
#ifndef FEL_STUDY_HEDGING_LIVES_H
#define FEL_STUDY_HEDGING_LIVES_H

#ifndef FEL_MODULE_STUDY
#error "study/hedging_lives_internal.h belongs to study/"
#endif

#include "study/hedging_internal.h"

/* Bars of the series and, at each, the variance that was known then. */
typedef struct life_market {
    fel_series *bars;     /* owned */
    fel_series *variance; /* owned: a signal of the same instrument */
    const int64_t *time_ns;
    const double *close, *estimate;
    size_t n;
} life_market;

/* hedging_lives_data.c */
fel_status life_market_open(life_market *out, hedging *h);
void life_market_close(life_market *m);

/* hedging_lives_compare.c: dispersion, tail and cost of every hedger against one, over lives. */
fel_status hedging_compare_lives(hedging *h);

#endif
