/* data/csv_write.c - a series as canonical CSV that reads back as the same numbers.
 *
 * Bars are stamped with their open instants; where their lengths differ a column close_ts says when
 * each is known. Whole UTC days are written as dates. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <feller/data.h>

#include "core/number.h"
#include "core/outfile.h"

/* Are all rows whole UTC days? */
static int are_days(const fel_series_info *info, const fel_block *rows)
{
    if (info->kind != FEL_DATA_BAR || info->length_ns != FEL_NS_PER_DAY || rows->open_ns != NULL) {
        return 0;
    }
    for (size_t i = 0; i < rows->n; i++) {
        if (rows->time_ns[i] % FEL_NS_PER_DAY != 0) {
            return 0;
        }
    }
    return 1;
}

static void write_header(FILE *stream, const fel_series_info *info, const fel_block *rows)
{
    (void)fputs(are_days(info, rows) ? "date" : "ts", stream);
    if (rows->open_ns != NULL) {
        (void)fputs(",close_ts", stream);
    }
    for (uint32_t c = 0; c < info->n_columns; c++) {
        (void)fprintf(stream, ",%s", info->columns[c]);
    }
    (void)fputc('\n', stream);
}

static void write_times(FILE *stream, const fel_series_info *info, const fel_block *rows, size_t i,
                        int as_days)
{
    char text[40];
    const int64_t time_ns = rows->time_ns[i];
    if (as_days) {
        fel_day_format(time_ns, text, sizeof(text));
        (void)fputs(text, stream);
        return;
    }
    const int64_t open_ns = rows->open_ns != NULL        ? rows->open_ns[i]
                            : info->kind == FEL_DATA_BAR ? time_ns - info->length_ns
                                                         : time_ns;
    fel_time_format(open_ns, text, sizeof(text));
    (void)fputs(text, stream);
    if (rows->open_ns != NULL) {
        fel_time_format(time_ns, text, sizeof(text));
        (void)fprintf(stream, ",%s", text);
    }
}

fel_status fel_csv_write(const fel_series *series, const char *path)
{
    const fel_series_info *info = fel_series_describe(series);
    const fel_block rows = fel_series_rows(series);
    const int as_days = are_days(info, &rows);
    char number[NUMBER_TEXT_SIZE];
    outfile out;
    FEL_TRY(outfile_open(&out, path));
    write_header(out.stream, info, &rows);
    for (size_t i = 0; i < rows.n; i++) {
        write_times(out.stream, info, &rows, i, as_days);
        for (size_t c = 0; c < rows.n_columns; c++) {
            const double value = rows.columns[c][i];
            number[0] = '\0';
            if (!isnan(value)) {
                number_format(value, number, sizeof(number));
            }
            (void)fprintf(out.stream, ",%s", number);
        }
        (void)fputc('\n', out.stream);
    }
    return outfile_commit(&out);
}
