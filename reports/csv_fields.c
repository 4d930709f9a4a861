/* reports/csv_fields.c - numbers, texts and instants as CSV fields. */
#include <math.h>
#include <string.h>

#include "core/number.h"
#include "reports/csv_fields_internal.h"

enum { TIME_TEXT_SIZE = 40 };

void csv_word(text_out *out, const char *word, char end)
{
    text_out_text(out, word);
    text_out_char(out, end);
}

void csv_text(text_out *out, const char *text, char end)
{
    if (text[strcspn(text, ",\"\r\n")] == '\0') {
        csv_word(out, text, end);
        return;
    }
    text_out_char(out, '"');
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"') {
            text_out_char(out, '"');
        }
        text_out_char(out, *c);
    }
    text_out_char(out, '"');
    text_out_char(out, end);
}

void csv_number(text_out *out, double value, char end)
{
    char *room = text_out_room(out, NUMBER_TEXT_SIZE + 1);
    const size_t n = isfinite(value) ? number_put(room, value, NUMBER_PLAIN) : 0;
    room[n] = end;
    text_out_used(out, n + 1);
}

void csv_money(text_out *out, fel_money value, char end)
{
    csv_number(out, fel_money_value(value), end);
}

void csv_count(text_out *out, uint64_t n, char end)
{
    char *room = text_out_room(out, NUMBER_TEXT_SIZE + 1);
    const size_t length = number_put_count(room, n);
    room[length] = end;
    text_out_used(out, length + 1);
}

void csv_time(text_out *out, int64_t time_ns, char end)
{
    char *room = text_out_room(out, TIME_TEXT_SIZE);
    size_t n = 0;
    if (time_ns != FEL_TIME_MAX && time_ns != FEL_TIME_MIN) {
        fel_time_format(time_ns, room, TIME_TEXT_SIZE);
        n = strlen(room);
    }
    room[n] = end;
    text_out_used(out, n + 1);
}
