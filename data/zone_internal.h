/* data/zone_internal.h - civil time: days, wall clocks, and the clock changes of an IANA zone. */
#ifndef FEL_MODULE_DATA
#error "data/zone_internal.h is for files of data/ only"
#endif
#ifndef FEL_DATA_ZONE_INTERNAL_H
#define FEL_DATA_ZONE_INTERNAL_H

#include <feller/base.h>

/* The clock changes of a zone, read from ICU once; immutable, may be shared by threads. */
typedef struct zone_table zone_table;

/* NULL or "" is UTC. ERR_ARG for an unknown name, with the nearest known one. */
fel_status zone_create(zone_table **out, const char *name);
void zone_destroy(zone_table *z); /* NULL is allowed */
int zone_is_utc(const zone_table *z);

/* Wall clock minus UTC at an instant. */
int64_t zone_offset_ns(const zone_table *z, int64_t utc_ns);

/* How a wall-clock time maps to instants. */
typedef enum zone_fit {
    ZONE_FIT_ONCE,
    ZONE_FIT_TWICE,  /* a clock was put back: *utc_ns is the first of the two */
    ZONE_FIT_SKIPPED /* a clock was put forward: *utc_ns is the instant of the change */
} zone_fit;
zone_fit zone_local_to_utc(const zone_table *z, int64_t local_ns, int64_t *utc_ns);

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar, and back. */
int64_t civil_to_days(int64_t year, int month, int day);
void days_to_civil(int64_t days, int64_t *year, int *month, int *day);
int days_in_month(int64_t year, int month);

#endif
