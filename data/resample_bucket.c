/* data/resample_bucket.c - buckets on the wall clock, right across clock changes: a day has 23 or
 * 25 hours then, a four-hour bucket 3 or 5, and the hour that occurs twice is two buckets. */
#include <feller/market.h>

#include "data/resample_internal.h"

/* 1970-01-01 was a Thursday; weeks begin on Mondays. */
static int64_t anchor_ns(int64_t length_ns)
{
    return length_ns % (7 * FEL_NS_PER_DAY) == 0 ? 4 * FEL_NS_PER_DAY : 0;
}

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* First instant in (low, high] with another offset than low; the offsets at the two differ. */
static int64_t find_change(const zone_table *z, int64_t low, int64_t high)
{
    const int64_t before = zone_offset_ns(z, low);
    while (high - low > 1) {
        const int64_t middle = low + (high - low) / 2;
        if (zone_offset_ns(z, middle) == before) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return high;
}

int64_t bucket_end(const zone_table *z, int64_t length_ns, int64_t at_ns)
{
    const int64_t anchor = anchor_ns(length_ns);
    for (;;) {
        const int64_t offset = zone_offset_ns(z, at_ns);
        const int64_t number = floor_divide(at_ns + offset - anchor, length_ns);
        const int64_t end = anchor + (number + 1) * length_ns - offset;
        if (zone_offset_ns(z, end) == offset) {
            return end;
        }
        const int64_t change = find_change(z, at_ns, end);
        const int64_t shown = change + zone_offset_ns(z, change) - anchor;
        const int64_t new_number = floor_divide(shown, length_ns);
        if (new_number > number || new_number * length_ns == shown) {
            return change;
        }
        at_ns = change;
    }
}
