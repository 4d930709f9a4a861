/* data/time_shape.c - what kind of stamp a text is, from its look alone. */
#include <ctype.h>
#include <string.h>

#include "data/time_internal.h"

/* Counts since 1970 are told apart by their number of digits: years 2001 to 2286 for seconds. */
typedef struct epoch_unit {
    size_t n_digits;
    int64_t unit_ns;
} epoch_unit;

static const epoch_unit epoch_units[] = {
    {9, 1000000000}, {10, 1000000000}, {13, 1000000}, {16, 1000}, {19, 1}};

static size_t count_digits(const char *text, size_t size)
{
    size_t n = 0;
    while (n < size && isdigit((unsigned char)text[n])) {
        n++;
    }
    return n;
}

static int is_separator(char c)
{
    return c == '-' || c == '/' || c == '.';
}

static time_shape shape_of_count(size_t n_digits, time_format *format)
{
    for (size_t i = 0; i < sizeof(epoch_units) / sizeof(epoch_units[0]); i++) {
        if (epoch_units[i].n_digits == n_digits) {
            format->unit_ns = epoch_units[i].unit_ns;
            return TIME_SHAPE_EPOCH;
        }
    }
    return TIME_SHAPE_NONE;
}

/* One or two digits: a day or a month. */
static time_shape shape_after_day(const char *text, size_t size, size_t n)
{
    const size_t at = n + (is_separator(text[n]) || text[n] == ' ' ? 1 : 0);
    if (at < size && isalpha((unsigned char)text[at])) {
        return TIME_SHAPE_NAMED;
    }
    return is_separator(text[n]) ? TIME_SHAPE_NUMERIC : TIME_SHAPE_NONE;
}

static time_shape shape_after_digits(const char *text, size_t size, size_t n, time_format *format)
{
    if (n == 8 || n == 14) {
        return n == size || text[n] == ' ' || text[n] == 'T' ? TIME_SHAPE_COMPACT : TIME_SHAPE_NONE;
    }
    if (n == size || (n >= 9 && text[n] == '.')) {
        return shape_of_count(n, format);
    }
    if (n == 4 && is_separator(text[n])) {
        return TIME_SHAPE_ISO;
    }
    return n < 1 || n > 2 ? TIME_SHAPE_NONE : shape_after_day(text, size, n);
}

time_shape time_shape_of(const char *text, size_t size, time_format *format)
{
    *format = (time_format){.order = format->order};
    if (size == 0) {
        return TIME_SHAPE_NONE;
    }
    format->shape = isalpha((unsigned char)text[0])
                        ? TIME_SHAPE_NAMED
                        : shape_after_digits(text, size, count_digits(text, size), format);
    /* Read it both ways: a text of this look may still be no time at all. */
    time_stamp stamp;
    const time_order order = format->order;
    format->order = order == TIME_ORDER_UNKNOWN ? TIME_MDY : order;
    for (uint8_t has_offset = 0; has_offset < 2 && format->shape != TIME_SHAPE_NONE; has_offset++) {
        format->has_offset = has_offset;
        time_fault fault = time_text_read(format, text, size, &stamp);
        if (fault == TIME_FAULT_DATE && format->shape == TIME_SHAPE_NUMERIC) {
            fault = TIME_FAULT_NONE; /* the order is not known yet */
        }
        if (fault != TIME_FAULT_SHAPE && fault != TIME_FAULT_OFFSET) {
            format->order = order;
            format->has_offset = stamp.has_offset;
            return format->shape;
        }
    }
    format->order = order;
    format->shape = TIME_SHAPE_NONE;
    return TIME_SHAPE_NONE;
}

int time_numeric_parts(const char *text, size_t size, int *first, int *second)
{
    const size_t a = count_digits(text, size);
    const size_t b = a < size ? count_digits(text + a + 1, size - a - 1) : 0;
    if (a < 1 || a > 2 || b < 1 || b > 2) {
        return 0;
    }
    *first = a == 1 ? text[0] - '0' : 10 * (text[0] - '0') + (text[1] - '0');
    const char *t = text + a + 1;
    *second = b == 1 ? t[0] - '0' : 10 * (t[0] - '0') + (t[1] - '0');
    return 1;
}
