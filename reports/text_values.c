/* reports/text_values.c - numbers as people read them, headings, wrapped lines. */
#include <math.h>
#include <string.h>

#include "core/core.h"
#include "reports/text_internal.h"

void text_group(const char *plain, char text[TEXT_VALUE_SIZE])
{
    const size_t sign = plain[0] == '-' ? 1 : 0;
    const size_t digits = strspn(plain + sign, "0123456789");
    size_t n = 0;
    for (size_t i = 0; plain[i] != '\0' && n + 2 < TEXT_VALUE_SIZE; i++) {
        const size_t left = sign + digits - i; /* digits from here to the point */
        if (i > sign && i < sign + digits && left % 3 == 0) {
            text[n++] = ',';
        }
        text[n++] = plain[i];
    }
    text[n] = '\0';
}

static void money_text(const fel_report *r, double value, char text[TEXT_VALUE_SIZE])
{
    char plain[TEXT_VALUE_SIZE];
    money_format(money_of(value), r->money_places, plain, sizeof(plain));
    text_group(plain, text);
}

static void count_text(double value, char text[TEXT_VALUE_SIZE])
{
    char plain[TEXT_VALUE_SIZE];
    (void)snprintf(plain, sizeof(plain), "%.0f", value);
    text_group(plain, text);
}

void text_value(const fel_report *r, fel_metric_unit unit, double value, char text[TEXT_VALUE_SIZE])
{
    if (!isfinite(value)) {
        (void)snprintf(text, TEXT_VALUE_SIZE, "%s",
                       isnan(value)  ? "-"
                       : value > 0.0 ? "inf"
                                     : "-inf");
        return;
    }
    const int is_huge = fabs(value) >= 1e6;
    switch (unit) {
    case FEL_UNIT_FRACTION:
        (void)snprintf(text, TEXT_VALUE_SIZE, is_huge ? "%.3g %%" : "%.2f %%", 100.0 * value);
        break;
    case FEL_UNIT_YEARS:
        (void)snprintf(text, TEXT_VALUE_SIZE, "%.2f y", value);
        break;
    case FEL_UNIT_COUNT:
        count_text(value, text);
        break;
    case FEL_UNIT_MONEY:
        money_text(r, value, text);
        break;
    case FEL_UNIT_RATIO:
        (void)snprintf(text, TEXT_VALUE_SIZE,
                       is_huge                               ? "%.3g"
                       : value != 0.0 && fabs(value) < 0.095 ? "%.5f"
                                                             : "%.3f",
                       value);
        break;
    }
}

void text_heading(FILE *f, const char *title)
{
    (void)fprintf(f, "\n%s\n", title);
    for (size_t i = 0; i < TEXT_WIDTH; i++) {
        (void)fputc('-', f);
    }
    (void)fputc('\n', f);
}

void text_wrapped(FILE *f, const char *text, size_t indent, size_t used)
{
    size_t column = used;
    while (*text != '\0') {
        const size_t word = strcspn(text, " ");
        if (column > indent && column + 1 + word > TEXT_WIDTH) {
            (void)fprintf(f, "\n%*s", (int)indent, "");
            column = indent;
        } else if (column > used || column > indent) {
            (void)fputc(' ', f);
            column++;
        }
        (void)fwrite(text, 1, word, f);
        column += word;
        text += word;
        text += strspn(text, " ");
    }
    (void)fputc('\n', f);
}
