/* data/time_text.c - reading one stamp: date, then perhaps a clock, then perhaps an offset. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "data/time_internal.h"
#include "data/zone_internal.h"

enum { FIRST_YEAR = 1678, LAST_YEAR = 2261, PIVOT_YEAR = 69 };

/* What is left to read. */
typedef struct cursor {
    const char *at, *end;
} cursor;

const char *time_fault_text(time_fault fault)
{
    static const char *const texts[TIME_FAULT_N] = {
        "",
        "is not a time",
        "is no day or hour that exists",
        "is outside the years 1678 to 2261",
        "has a UTC offset where others have none, or none where others have one",
        "does not exist: a clock change of the zone skips it"};
    return texts[fault];
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Between least and most digits as a number; -1 if there are fewer. */
static int take_number(cursor *c, int least, int most)
{
    int value = 0, n = 0;
    while (n < most && c->at < c->end && is_digit(*c->at)) {
        value = 10 * value + (*c->at++ - '0');
        n++;
    }
    return n >= least ? value : -1;
}

static int take_char(cursor *c, const char *allowed)
{
    if (c->at < c->end && *c->at != '\0' && strchr(allowed, *c->at) != NULL) {
        return *c->at++;
    }
    return 0;
}

static void skip_spaces(cursor *c)
{
    while (c->at < c->end && *c->at == ' ') {
        c->at++;
    }
}

/* "Apr" or "April": 1 .. 12, else 0. */
static int take_month(cursor *c)
{
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    size_t n = 0;
    while (c->at + n < c->end && isalpha((unsigned char)c->at[n])) {
        n++;
    }
    for (int month = 1; n >= 3 && month <= 12; month++) {
        if (n <= strlen(names[month - 1]) && strncasecmp(c->at, names[month - 1], n) == 0) {
            c->at += n;
            return month;
        }
    }
    return 0;
}

/* Two digits are 1969 .. 2068, as POSIX reads them. */
static int take_year(cursor *c)
{
    const char *start = c->at;
    const int year = take_number(c, 2, 4);
    const long n = c->at - start;
    if (n == 3 || year < 0) {
        return -1;
    }
    return n == 2 ? year + (year < PIVOT_YEAR ? 2000 : 1900) : year;
}

static time_fault days_of(int year, int month, int day, int64_t *days)
{
    if (year < 0 || month < 0 || day < 0) {
        return TIME_FAULT_SHAPE;
    }
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) {
        return TIME_FAULT_DATE;
    }
    if (year < FIRST_YEAR || year > LAST_YEAR) {
        return TIME_FAULT_RANGE;
    }
    *days = civil_to_days(year, month, day);
    return TIME_FAULT_NONE;
}

static time_fault read_iso(const time_format *format, cursor *c, int64_t *days)
{
    (void)format;
    const int year = take_number(c, 4, 4);
    const int separator = take_char(c, "-/.");
    const int month = take_number(c, 1, 2);
    const int day = separator != 0 && take_char(c, "-/.") == separator ? take_number(c, 1, 2) : -1;
    return days_of(year, month, day, days);
}

static time_fault read_compact(const time_format *format, cursor *c, int64_t *days)
{
    (void)format;
    const int year = take_number(c, 4, 4);
    const int month = take_number(c, 2, 2);
    const int day = take_number(c, 2, 2);
    return days_of(year, month, day, days);
}

static time_fault read_numeric(const time_format *format, cursor *c, int64_t *days)
{
    const int first = take_number(c, 1, 2);
    const int separator = take_char(c, "-/.");
    const int second = take_number(c, 1, 2);
    const int year = separator != 0 && take_char(c, "-/.") == separator ? take_year(c) : -1;
    return format->order == TIME_DMY ? days_of(year, second, first, days)
                                     : days_of(year, first, second, days);
}

static time_fault read_named(const time_format *format, cursor *c, int64_t *days)
{
    (void)format;
    int month = take_month(c);
    if (month != 0) {
        (void)take_char(c, " -/.");
    }
    const int day = take_number(c, 1, 2);
    (void)take_char(c, " -/,.");
    skip_spaces(c);
    if (month == 0) {
        month = take_month(c);
        (void)take_char(c, " -/,.");
        skip_spaces(c);
    }
    return month == 0 ? TIME_FAULT_SHAPE : days_of(take_year(c), month, day, days);
}

/* ".5" as nanoseconds; digits beyond the ninth are dropped. */
static int64_t take_fraction(cursor *c)
{
    int64_t value = 0, scale = FEL_NS_PER_SECOND;
    while (c->at < c->end && is_digit(*c->at)) {
        scale /= 10;
        value += scale * (*c->at++ - '0');
    }
    return value;
}

static time_fault take_meridiem(cursor *c, int *hour)
{
    skip_spaces(c);
    if (c->end - c->at < 2 || (c->at[1] | 0x20) != 'm') {
        return TIME_FAULT_NONE;
    }
    const int letter = c->at[0] | 0x20;
    if (letter != 'a' && letter != 'p') {
        return TIME_FAULT_NONE;
    }
    if (*hour < 1 || *hour > 12) {
        return TIME_FAULT_DATE;
    }
    *hour = *hour % 12 + (letter == 'p' ? 12 : 0);
    c->at += 2;
    return TIME_FAULT_NONE;
}

/* 9:30, 09:30:00.5, 093000, 0930, each with AM or PM after it. */
static time_fault take_clock(cursor *c, int64_t *ns)
{
    int hour = take_number(c, 1, 2);
    const int colon = take_char(c, ":");
    int minute = take_number(c, 2, 2), second = 0;
    int64_t fraction_ns = 0;
    if (colon ? take_char(c, ":") : (c->at < c->end && is_digit(*c->at))) {
        second = take_number(c, 2, 2);
        fraction_ns = take_char(c, ".,") ? take_fraction(c) : 0;
    }
    if (hour < 0 || minute < 0 || second < 0) {
        return TIME_FAULT_SHAPE;
    }
    const time_fault fault = take_meridiem(c, &hour);
    if (fault != TIME_FAULT_NONE || hour > 23 || minute > 59 || second > 59) {
        return TIME_FAULT_DATE;
    }
    *ns = ((int64_t)hour * 60 + minute) * FEL_NS_PER_MINUTE + second * FEL_NS_PER_SECOND +
          fraction_ns;
    return TIME_FAULT_NONE;
}

/* Is this word all that is left? */
static int is_word(const cursor *c, const char *word)
{
    const size_t n = strlen(word);
    return (size_t)(c->end - c->at) == n && strncasecmp(c->at, word, n) == 0;
}

/* Z, UTC, GMT, +02:00, -0500, +5. */
static time_fault take_offset(cursor *c, time_stamp *out)
{
    skip_spaces(c);
    if (c->at == c->end) {
        return TIME_FAULT_NONE;
    }
    out->has_offset = 1;
    if (is_word(c, "UTC") || is_word(c, "GMT")) {
        c->at = c->end;
        return TIME_FAULT_NONE;
    }
    const int sign = take_char(c, "Zz+-");
    if (sign == 'Z' || sign == 'z') {
        return c->at == c->end ? TIME_FAULT_NONE : TIME_FAULT_SHAPE;
    }
    const int hours = take_number(c, 1, 2);
    (void)take_char(c, ":");
    const int minutes = c->at < c->end ? take_number(c, 2, 2) : 0;
    if (sign == 0 || hours < 0 || minutes < 0 || c->at != c->end) {
        return TIME_FAULT_SHAPE;
    }
    if (hours > 18 || minutes > 59) {
        return TIME_FAULT_DATE;
    }
    const int64_t size_ns = hours * FEL_NS_PER_HOUR + minutes * FEL_NS_PER_MINUTE;
    out->offset_ns = sign == '-' ? -size_ns : size_ns;
    return TIME_FAULT_NONE;
}

static time_fault read_count(const time_format *format, cursor *c, time_stamp *out)
{
    const int is_negative = take_char(c, "-") != 0;
    const char *start = c->at;
    int64_t whole = 0;
    while (c->at < c->end && is_digit(*c->at) && whole < INT64_MAX / 10 - 1) {
        whole = 10 * whole + (*c->at++ - '0');
    }
    const int64_t fraction_ns = take_char(c, ".") ? take_fraction(c) : 0;
    int64_t ns = 0;
    if (c->at == start || c->at != c->end) {
        return TIME_FAULT_SHAPE;
    }
    if (__builtin_mul_overflow(whole, format->unit_ns, &ns) || ns > INT64_MAX - FEL_NS_PER_DAY) {
        return TIME_FAULT_RANGE;
    }
    ns += fraction_ns / (FEL_NS_PER_SECOND / format->unit_ns);
    if (format->shape == TIME_SHAPE_OF_DAY) {
        if (is_negative || ns >= FEL_NS_PER_DAY) {
            return TIME_FAULT_DATE;
        }
        out->wall_ns = format->base_days * FEL_NS_PER_DAY + ns;
        return TIME_FAULT_NONE;
    }
    out->wall_ns = is_negative ? -ns : ns;
    out->has_offset = 1;
    return TIME_FAULT_NONE;
}

/* The commonest text by far, "2020-04-20 09:30:00", in straight-line code. */
static int read_common(const char *t, time_stamp *out)
{
    static const uint8_t places[] = {0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18};
    unsigned d[sizeof(places)], worst = 0;
    for (size_t i = 0; i < sizeof(places); i++) {
        d[i] = (unsigned)t[places[i]] - '0';
        worst |= d[i] > 9 ? 1 : 0;
    }
    if (worst || t[4] != '-' || t[7] != '-' || (t[10] != ' ' && t[10] != 'T') || t[13] != ':' ||
        t[16] != ':') {
        return 0;
    }
    const int year = (int)(1000 * d[0] + 100 * d[1] + 10 * d[2] + d[3]);
    const int month = (int)(10 * d[4] + d[5]), day = (int)(10 * d[6] + d[7]);
    const int hour = (int)(10 * d[8] + d[9]), minute = (int)(10 * d[10] + d[11]);
    const int second = (int)(10 * d[12] + d[13]);
    int64_t days = 0;
    if (hour > 23 || minute > 59 || second > 59 ||
        days_of(year, month, day, &days) != TIME_FAULT_NONE) {
        return 0;
    }
    out->wall_ns =
        days * FEL_NS_PER_DAY + ((hour * 60 + minute) * INT64_C(60) + second) * FEL_NS_PER_SECOND;
    return 1;
}

time_fault time_clock_read(const char *text, size_t size, int64_t *ns)
{
    cursor c = {text, text + size};
    const time_fault fault = take_clock(&c, ns);
    return fault == TIME_FAULT_NONE && c.at != c.end ? TIME_FAULT_SHAPE : fault;
}

time_fault time_text_read(const time_format *format, const char *text, size_t size, time_stamp *out)
{
    static time_fault (*const dates[])(const time_format *, cursor *, int64_t *) = {
        [TIME_SHAPE_ISO] = read_iso,
        [TIME_SHAPE_COMPACT] = read_compact,
        [TIME_SHAPE_NUMERIC] = read_numeric,
        [TIME_SHAPE_NAMED] = read_named,
    };
    cursor c = {text, text + size};
    *out = (time_stamp){0};
    if (format->shape == TIME_SHAPE_ISO && size == 19 && !format->has_offset &&
        read_common(text, out)) {
        return TIME_FAULT_NONE;
    }
    if (format->shape == TIME_SHAPE_EPOCH || format->shape == TIME_SHAPE_OF_DAY) {
        return read_count(format, &c, out);
    }
    if (format->shape == TIME_SHAPE_NONE) {
        return TIME_FAULT_SHAPE;
    }
    int64_t days = 0, clock_ns = 0;
    time_fault fault = dates[format->shape](format, &c, &days);
    if (fault == TIME_FAULT_NONE && c.at < c.end) {
        if (take_char(&c, "T,; ") == 0 && format->shape != TIME_SHAPE_COMPACT) {
            return TIME_FAULT_SHAPE;
        }
        skip_spaces(&c);
        fault = take_clock(&c, &clock_ns);
        fault = fault == TIME_FAULT_NONE ? take_offset(&c, out) : fault;
    }
    if (fault == TIME_FAULT_NONE && out->has_offset != format->has_offset) {
        fault = TIME_FAULT_OFFSET;
    }
    out->wall_ns = days * FEL_NS_PER_DAY + clock_ns;
    return fault;
}
