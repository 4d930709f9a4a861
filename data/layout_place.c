/* data/layout_place.c - how long are the bars, and is a stamp their beginning or their end?
 *
 * The length is the most frequent step between the stamps at the head of the file. Stamps at
 * midnight with steps of whole days are days of the calendar. A week or a longer bar counts as
 * stamped at its end only where the stamps are plainly ends (last days of months, Fridays): else it
 * begins there, and is known late rather than early. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/layout_internal.h"

enum { MOST_SAMPLES = 4096, SURE_STEPS = 8 };

/* Wall clocks of the first rows. */
typedef struct samples {
    int64_t wall_ns[MOST_SAMPLES];
    int64_t step_ns[MOST_SAMPLES];
    size_t n, n_steps;
} samples;

static void take_samples(const layout_head *head, const csv_plan *plan, samples *s)
{
    int64_t open_ns = 0, close_ns = 0;
    time_stamp stamp;
    for (size_t r = plan->skip_rows; r < head->rows.n_rows && s->n < MOST_SAMPLES; r++) {
        if (layout_width(head, r) == plan->n_fields &&
            csv_stamp_read(plan, layout_field(head, r, 0), &stamp) == TIME_FAULT_NONE) {
            (void)csv_place_row(&plan->place, &stamp, &s->wall_ns[s->n], &open_ns, &close_ns);
            s->n++;
        }
    }
}

static int compare(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Between stamps of centuries apart a count of nanoseconds may not reach. */
static int64_t distance_ns(int64_t a, int64_t b)
{
    int64_t step_ns = 0;
    return __builtin_sub_overflow(a > b ? a : b, a > b ? b : a, &step_ns) ? INT64_MAX : step_ns;
}

/* The commonest distance between neighbours, the shorter of two equally common; 0 if there is none.
 */
static int64_t find_step(samples *s)
{
    s->n_steps = 0;
    for (size_t i = 1; i < s->n; i++) {
        const int64_t step_ns = distance_ns(s->wall_ns[i], s->wall_ns[i - 1]);
        if (step_ns != 0) {
            s->step_ns[s->n_steps++] = step_ns;
        }
    }
    qsort(s->step_ns, s->n_steps, sizeof(s->step_ns[0]), compare);
    int64_t best = 0;
    size_t best_count = 0;
    for (size_t i = 0, start = 0; i < s->n_steps; i++) {
        start = s->step_ns[i] == s->step_ns[start] ? start : i;
        if (i - start + 1 > best_count) {
            best_count = i - start + 1;
            best = s->step_ns[i];
        }
    }
    return best;
}

/* Midnight, or the last minute of a day: a date in other clothes. */
static int are_dates(const samples *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const int64_t of_day_ns = s->wall_ns[i] - time_day_of(s->wall_ns[i]) * FEL_NS_PER_DAY;
        if (of_day_ns != 0 && of_day_ns < FEL_NS_PER_DAY - FEL_NS_PER_MINUTE) {
            return 0;
        }
    }
    return s->n > 0;
}

/* Monday is 0; 1970-01-01 was a Thursday. */
static int weekday_of(int64_t day)
{
    return (int)(((day + 3) % 7 + 7) % 7);
}

/* Is no trading day of the month after this one? */
static int is_month_end(int64_t day)
{
    int64_t year = 0, next_year = 0;
    int month = 0, next_month = 0, of_month = 0;
    const int to_next = weekday_of(day) >= 4 ? 7 - weekday_of(day) : 1;
    days_to_civil(day, &year, &month, &of_month);
    days_to_civil(day + to_next, &next_year, &next_month, &of_month);
    return month != next_month;
}

static int are_mostly_ends(const samples *s, place_unit unit)
{
    size_t n_ends = 0;
    for (size_t i = 0; i < s->n; i++) {
        const int64_t day = time_day_of(s->wall_ns[i]);
        n_ends += (unit == PLACE_MONTHS ? is_month_end(day) : weekday_of(day) >= 3) ? 1 : 0;
    }
    return 2 * n_ends > s->n;
}

/* Lengths of months, quarters and years, in days. */
typedef struct month_span {
    int64_t least, most, nominal;
    int n_months;
} month_span;

/* A step of more than a century is no bar's length: it counts as one, and fits nanoseconds. */
static void set_calendar(csv_place *place, int64_t step_days)
{
    enum { CENTURY_DAYS = 36525 };
    const int64_t n_days = step_days < CENTURY_DAYS ? step_days : CENTURY_DAYS;
    static const month_span spans[] = {{28, 31, 30, 1}, {89, 92, 91, 3}, {365, 366, 365, 12}};
    place->unit = PLACE_DAYS;
    place->count = (int)n_days;
    place->length_ns = n_days * FEL_NS_PER_DAY;
    for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
        if (n_days >= spans[i].least && n_days <= spans[i].most) {
            place->unit = PLACE_MONTHS;
            place->count = spans[i].n_months;
            place->length_ns = spans[i].nominal * FEL_NS_PER_DAY;
        }
    }
}

static void set_stamp(csv_place *place, const samples *s, const char *stamp)
{
    const int is_long =
        place->unit == PLACE_MONTHS || (place->unit == PLACE_DAYS && place->count >= 7);
    place->at_end = strcmp(stamp, "close") == 0 ||
                    (stamp[0] == '\0' && is_long && are_mostly_ends(s, place->unit));
}

static int has_weekends(const samples *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        n += weekday_of(time_day_of(s->wall_ns[i])) >= 5 ? 1 : 0;
    }
    return n > 0;
}

/* Days between the dates of a file; two to six of them are taken at their word only where many
 * steps and no shorter one say so: else a weekend or a holiday is behind it. */
static int64_t count_days(const samples *s, int64_t step_ns)
{
    const int64_t n_days =
        step_ns / FEL_NS_PER_DAY + (step_ns % FEL_NS_PER_DAY >= FEL_NS_PER_DAY / 2 ? 1 : 0);
    const int is_sure = s->n_steps >= SURE_STEPS && s->step_ns[0] >= step_ns;
    return n_days < 1 || (n_days < 7 && !is_sure) ? 1 : n_days;
}

static fel_status place_bars(const layout_head *head, csv_plan *plan, samples *s)
{
    csv_place *place = &plan->place;
    const int64_t given_ns = head->options->length_ns;
    const int is_calendar = are_dates(s) && plan->column_of[ROLE_END] == NO_COLUMN &&
                            (given_ns == 0 || given_ns % FEL_NS_PER_DAY == 0);
    int64_t step_ns = given_ns > 0 ? given_ns : find_step(s);
    if (step_ns == 0 && !is_calendar) {
        return FEL_RAISE(FEL_ERR_FORMAT,
                         "%s: no two rows tell the length of its bars; give it, such as 1m or 1d",
                         head->path);
    }
    if (is_calendar && (step_ns == 0 || step_ns >= FEL_NS_PER_DAY)) {
        set_calendar(place, given_ns > 0 ? given_ns / FEL_NS_PER_DAY : count_days(s, step_ns));
    } else {
        place->length_ns = step_ns;
    }
    return FEL_OK;
}

/* A date alone, no clock behind it. */
static int is_date_text(const csv_plan *plan)
{
    const size_t n = strlen(plan->time_sample);
    return plan->format.shape != TIME_SHAPE_EPOCH && plan->format.shape != TIME_SHAPE_OF_DAY &&
           strchr(plan->time_sample, ':') == NULL && plan->column_of[ROLE_CLOCK] == NO_COLUMN &&
           (plan->format.shape != TIME_SHAPE_COMPACT || n == 8);
}

/* Quotes and signals have no length; dated signals are known at the end of their day; dated actions
 * happen at its beginning, factors at its end. */
static void place_points(const layout_head *head, csv_plan *plan, samples *s)
{
    csv_place *place = &plan->place;
    place->at_end = 1;
    const int has_days = plan->kind == FEL_DATA_SIGNAL || plan->kind == FEL_DATA_ACTION;
    if (is_date_text(plan) && has_days) {
        place->unit = PLACE_DAYS;
        place->count = 1;
    } else if (strcmp(head->options->stamp, "open") == 0 && plan->kind == FEL_DATA_SIGNAL) {
        place->at_end = 0;
        place->length_ns = head->options->length_ns > 0 ? head->options->length_ns : find_step(s);
    }
}

/* LEAN's quotes are the last of a span too, and known at its end. */
fel_status layout_place(const layout_head *head, csv_plan *plan)
{
    csv_place *place = &plan->place;
    samples *s = calloc(1, sizeof(*s));
    if (s == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: no memory to look at its times", head->path);
    }
    take_samples(head, plan, s);
    fel_status status = FEL_OK;
    if (plan->kind == FEL_DATA_BAR || plan->missing == MISSING_ONE_SIDE) {
        status = place_bars(head, plan, s);
        set_stamp(place, s, head->options->stamp);
    } else {
        place_points(head, plan, s);
    }
    const int is_plain_day = place->unit == PLACE_DAYS && zone_is_utc(place->zone) &&
                             !plan->format.has_offset && !place->has_session;
    place->varies = plan->kind == FEL_DATA_BAR && !is_plain_day &&
                    (place->unit != PLACE_INSTANT || plan->column_of[ROLE_END] != NO_COLUMN);
    place->seven_days = has_weekends(s) ? 1 : 0;
    free(s);
    return status;
}

/* Which of the two numbers before a year is the month? A number above 12 tells. */
static fel_status find_order(const layout_head *head, csv_plan *plan)
{
    const char *given = head->options->date_format;
    const size_t column = (size_t)plan->column_of[ROLE_TIME];
    int first = 0, second = 0, n_dmy = 0, n_mdy = 0;
    for (size_t r = plan->skip_rows; r < head->rows.n_rows; r++) {
        if (column < layout_width(head, r)) {
            const csv_field *field = layout_field(head, r, column);
            if (time_numeric_parts(field->text, field->size, &first, &second)) {
                n_dmy += first > 12 ? 1 : 0;
                n_mdy += second > 12 ? 1 : 0;
            }
        }
    }
    const int is_given = strcmp(given, "dmy") == 0 || strcmp(given, "mdy") == 0;
    if (!is_given && (n_dmy > 0) == (n_mdy > 0)) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: dates like %s are %s; give date_format dmy or mdy",
                         head->path, plan->time_sample,
                         n_dmy > 0 ? "day first and month first" : "ambiguous");
    }
    plan->format.order = (is_given ? strcmp(given, "dmy") == 0 : n_dmy > 0) ? TIME_DMY : TIME_MDY;
    return FEL_OK;
}

/* The first row whose time is one gives the format of all. */
fel_status layout_read_format(const layout_head *head, csv_plan *plan)
{
    const size_t column = (size_t)plan->column_of[ROLE_TIME];
    const csv_field *field = NULL;
    for (size_t r = plan->skip_rows; r < head->rows.n_rows; r++) {
        if (column >= layout_width(head, r)) {
            continue;
        }
        field = layout_field(head, r, column);
        (void)snprintf(plan->time_sample, sizeof(plan->time_sample), "%.*s",
                       layout_clip(field->size, CSV_NAME_SIZE - 1), field->text);
        if (plan->format.shape != TIME_SHAPE_NONE ||
            time_shape_of(field->text, field->size, &plan->format) != TIME_SHAPE_NONE) {
            break;
        }
    }
    if (plan->format.shape == TIME_SHAPE_NONE) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: column %s, value \"%s\": is not a time", head->path,
                         plan->names[column], plan->time_sample);
    }
    return plan->format.shape == TIME_SHAPE_NUMERIC ? find_order(head, plan) : FEL_OK;
}
