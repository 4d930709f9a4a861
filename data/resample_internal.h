/* data/resample_internal.h - where buckets of wall-clock time end. */
#ifndef FEL_MODULE_DATA
#error "data/resample_internal.h is for files of data/ only"
#endif
#ifndef FEL_DATA_RESAMPLE_INTERNAL_H
#define FEL_DATA_RESAMPLE_INTERNAL_H

#include "data/zone_internal.h"

/* End of the bucket that the nanosecond at_ns lies in: the first later instant at which a clock on
 * the wall of the zone comes to a whole multiple of length_ns, counted from a midnight (from a
 * Monday for whole weeks). A clock put forward over such a multiple ends the bucket at the change;
 * one put back ends it there only if it then shows a multiple. */
int64_t bucket_end(const zone_table *z, int64_t length_ns, int64_t at_ns);

#endif
