/* data/csv_place.c - from the stamp of a row to the span that it covers.
 *
 * Days, weeks and months are counted on the calendar of the zone and then looked up as instants, so
 * that a day of 23 or 25 hours is one. An instant stamp that a clock change skips does not exist; a
 * midnight that it skips is the instant of the change. */
#include "data/layout_internal.h"

time_fault csv_stamp_read(const csv_plan *plan, const csv_field *fields, time_stamp *stamp)
{
    const csv_field *date = &fields[plan->column_of[ROLE_TIME]];
    const time_fault fault = time_text_read(&plan->format, date->text, date->size, stamp);
    if (fault != TIME_FAULT_NONE || plan->column_of[ROLE_CLOCK] == NO_COLUMN) {
        return fault;
    }
    const csv_field *clock = &fields[plan->column_of[ROLE_CLOCK]];
    int64_t clock_ns = 0;
    const time_fault clock_fault = time_clock_read(clock->text, clock->size, &clock_ns);
    stamp->wall_ns += clock_ns;
    return clock_fault;
}

/* A wall-clock time as an instant, by the row's own offset where it has one. */
static zone_fit to_utc(const csv_place *place, const time_stamp *stamp, int64_t wall_ns,
                       int64_t *utc_ns)
{
    if (stamp->has_offset && !place->to_zone) {
        *utc_ns = wall_ns - stamp->offset_ns;
        return ZONE_FIT_ONCE;
    }
    return zone_local_to_utc(place->zone, wall_ns, utc_ns);
}

static int64_t add_months(int64_t days, int count)
{
    int64_t year = 0;
    int month = 0, day = 0;
    days_to_civil(days, &year, &month, &day);
    const int64_t months = year * 12 + (month - 1) + count;
    const int64_t new_year = (months >= 0 ? months : months - 11) / 12;
    const int new_month = (int)(months - new_year * 12) + 1;
    const int last = days_in_month(new_year, new_month);
    return civil_to_days(new_year, new_month, day < last ? day : last);
}

/* Days from 1970 to where a count of nanoseconds ends, less what zones and sessions may add. */
enum { MOST_DAYS = 106751 - 3 };

/* First and last day of a span that begins, or ends, on this one. */
static void span_of_day(const csv_place *place, int64_t day, int64_t *first, int64_t *last)
{
    if (place->unit == PLACE_DAYS) {
        *first = place->at_end ? day - place->count + 1 : day;
        *last = *first + place->count - 1;
    } else if (place->at_end) {
        int64_t year = 0;
        int month = 0, of_month = 0;
        days_to_civil(day, &year, &month, &of_month);
        *first = add_months(day - of_month + 1, 1 - place->count);
        *last = day;
    } else {
        *first = day;
        *last = add_months(day, place->count) - 1;
    }
}

time_fault csv_place_row(const csv_place *place, const time_stamp *stamp, int64_t *wall_ns,
                         int64_t *open_ns, int64_t *close_ns)
{
    int64_t wall = stamp->wall_ns, at_ns = 0;
    if (stamp->has_offset && place->to_zone) {
        const int64_t utc_ns = wall - stamp->offset_ns;
        wall = utc_ns + zone_offset_ns(place->zone, utc_ns);
    }
    *wall_ns = wall;
    if (place->unit == PLACE_INSTANT) {
        if (stamp->has_offset) {
            at_ns = stamp->wall_ns - stamp->offset_ns;
        } else if (zone_local_to_utc(place->zone, wall, &at_ns) == ZONE_FIT_SKIPPED) {
            return TIME_FAULT_SKIPPED;
        }
        *open_ns = *close_ns = at_ns;
        return (place->at_end ? __builtin_sub_overflow(at_ns, place->length_ns, open_ns)
                              : __builtin_add_overflow(at_ns, place->length_ns, close_ns))
                   ? TIME_FAULT_RANGE
                   : TIME_FAULT_NONE;
    }
    int64_t first = 0, last = 0;
    span_of_day(place, time_day_of(wall), &first, &last);
    if (first < -MOST_DAYS || last > MOST_DAYS) {
        return TIME_FAULT_RANGE;
    }
    int64_t begin = first * FEL_NS_PER_DAY, end = (last + 1) * FEL_NS_PER_DAY;
    if (place->has_session) {
        const int is_overnight = place->session_close_ns <= place->session_open_ns;
        begin += place->session_open_ns - (is_overnight ? FEL_NS_PER_DAY : 0);
        end += place->session_close_ns - FEL_NS_PER_DAY;
    }
    (void)to_utc(place, stamp, begin, open_ns);
    (void)to_utc(place, stamp, end, close_ns);
    return TIME_FAULT_NONE;
}

int64_t csv_place_second(const csv_place *place, int64_t utc_ns)
{
    const int64_t before_ns = zone_offset_ns(place->zone, utc_ns);
    const int64_t after_ns = zone_offset_ns(place->zone, utc_ns + FEL_NS_PER_DAY);
    const int64_t second_ns = utc_ns + before_ns - after_ns;
    const int is_same = second_ns > utc_ns && zone_offset_ns(place->zone, second_ns) == after_ns;
    return is_same ? second_ns : utc_ns;
}
