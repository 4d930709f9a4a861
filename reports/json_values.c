/* reports/json_values.c - numbers, texts, instants, maps and lists as JSON text. */
#include <math.h>

#include "core/number.h"
#include "reports/json_internal.h"
#include "reports/json_text_internal.h"

enum { TIME_TEXT_SIZE = 40 };

/* The comma before a value, if it needs one, and its key. */
static void begin_value(json_writer *w, const char *key)
{
    if (!w->is_first) {
        text_out_char(&w->out, ',');
    }
    w->is_first = 0;
    if (key != NULL) {
        text_out_char(&w->out, '"');
        text_out_text(&w->out, key);
        text_out_bytes(&w->out, "\":", 2);
    }
}

static void begin_nest(json_writer *w, const char *key, char opening)
{
    begin_value(w, key);
    text_out_char(&w->out, opening);
    w->is_first = 1;
}

static void end_nest(json_writer *w, char closing)
{
    text_out_char(&w->out, closing);
    w->is_first = 0;
}

void json_map_begin(json_writer *w, const char *key)
{
    begin_nest(w, key, '{');
}
void json_map_end(json_writer *w)
{
    end_nest(w, '}');
}
void json_list_begin(json_writer *w, const char *key)
{
    begin_nest(w, key, '[');
}
void json_list_end(json_writer *w)
{
    end_nest(w, ']');
}

void json_put_null(json_writer *w, const char *key)
{
    begin_value(w, key);
    text_out_bytes(&w->out, "null", 4);
}

void json_put_number(json_writer *w, const char *key, double value)
{
    if (!isfinite(value)) {
        json_put_null(w, key);
        return;
    }
    begin_value(w, key);
    text_out_used(&w->out,
                  number_put(text_out_room(&w->out, NUMBER_TEXT_SIZE), value, NUMBER_JSON));
}

void json_put_money(json_writer *w, const char *key, fel_money value)
{
    json_put_number(w, key, fel_money_value(value));
}

void json_put_count(json_writer *w, const char *key, uint64_t n)
{
    begin_value(w, key);
    text_out_used(&w->out, number_put_count(text_out_room(&w->out, NUMBER_TEXT_SIZE), n));
}

void json_put_integer(json_writer *w, const char *key, int64_t n)
{
    begin_value(w, key);
    if (n < 0) {
        text_out_char(&w->out, '-');
    }
    const uint64_t magnitude = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    text_out_used(&w->out, number_put_count(text_out_room(&w->out, NUMBER_TEXT_SIZE), magnitude));
}

void json_put_text(json_writer *w, const char *key, const char *text)
{
    begin_value(w, key);
    json_text_quoted(&w->out, text);
}

void json_put_instant(json_writer *w, const char *key, int64_t time_ns)
{
    begin_value(w, key);
    char *room = text_out_room(&w->out, TIME_TEXT_SIZE + 2);
    room[0] = '"';
    fel_time_format(time_ns, room + 1, TIME_TEXT_SIZE);
    const size_t n = strlen(room);
    room[n] = '"';
    text_out_used(&w->out, n + 1);
}

void json_put_numbers(json_writer *w, const char *key, const double *values, size_t n)
{
    if (values == NULL) {
        json_put_null(w, key);
        return;
    }
    json_list_begin(w, key);
    for (size_t i = 0; i < n; i++) {
        json_put_number(w, NULL, values[i]);
    }
    json_list_end(w);
}
