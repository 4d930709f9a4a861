/* sim/paths_csv.c - paths as text: path,date,years,[asset,]spot,... and a row for each. Numbers are
 * the shortest that read back as the same double; of floats, nine digits. */
#include <stdlib.h>

#include "core/number.h"
#include "core/text_out.h"
#include "sim/paths_file_internal.h"

static fel_status csv_open(path_sheet *sheet)
{
    text_out *out = malloc(sizeof(*out));
    if (out == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for writing %s", sheet->file.path);
    }
    sheet->format_state = out;
    text_out_begin(out, sheet->file.stream);
    text_out_text(out, sheet->n_assets > 1 ? "path,date,years,asset" : "path,date,years");
    for (size_t o = 0; o < sheet->n_outputs; o++) {
        text_out_char(out, ',');
        text_out_text(out, fel_path_output_name(sheet->outputs[o]));
    }
    text_out_char(out, '\n');
    return FEL_OK;
}

static void put_integer(text_out *out, uint64_t value)
{
    text_out_used(out, number_put_count(text_out_room(out, NUMBER_TEXT_SIZE), value));
}

static void put_real(text_out *out, double value)
{
    text_out_used(out, number_put(text_out_room(out, NUMBER_TEXT_SIZE), value, NUMBER_SHORT));
}

static void put_value(text_out *out, const path_sheet *sheet, const void *values, size_t i)
{
    if (!sheet->options->single_precision) {
        put_real(out, ((const double *)values)[i]);
        return;
    }
    char *room = text_out_room(out, NUMBER_TEXT_SIZE);
    const double value = (double)((const float *)values)[i];
    text_out_used(out, (size_t)snprintf(room, NUMBER_TEXT_SIZE, "%.9g", value));
}

/* One path, date and asset. */
static void put_row(text_out *out, const path_sheet *sheet, const path_chunk *chunk, size_t path,
                    size_t cell)
{
    const size_t date = cell / sheet->n_assets, asset = cell % sheet->n_assets;
    const fel_path_config *config = fel_paths_config(sheet->paths);
    const double years = config->horizon_years * ((double)date / (double)config->n_dates);
    put_integer(out, chunk->first_path + path);
    text_out_char(out, ',');
    put_integer(out, date);
    text_out_char(out, ',');
    put_real(out, years);
    if (sheet->n_assets > 1) {
        text_out_char(out, ',');
        put_integer(out, asset);
    }
    for (size_t o = 0; o < sheet->n_outputs; o++) {
        const size_t row = (o * sheet->n_assets + asset) * chunk->n_paths + path;
        text_out_char(out, ',');
        put_value(out, sheet, chunk->values, row * sheet->n_columns + date);
    }
    text_out_char(out, '\n');
}

static fel_status csv_write(path_sheet *sheet, const path_chunk *chunk)
{
    text_out *out = sheet->format_state;
    for (size_t path = 0; path < chunk->n_paths; path++) {
        for (size_t cell = 0; cell < sheet->n_columns * sheet->n_assets; cell++) {
            put_row(out, sheet, chunk, path, cell);
        }
        if (sheet->options->stop != NULL && *sheet->options->stop) {
            break; /* the caller says so */
        }
    }
    if (ferror(sheet->file.stream)) {
        return outfile_commit(&sheet->file); /* fails, with the cause */
    }
    return FEL_OK;
}

static fel_status csv_finish(path_sheet *sheet)
{
    text_out_flush(sheet->format_state);
    return FEL_OK;
}

static void csv_close(path_sheet *sheet)
{
    free(sheet->format_state);
}

const path_format path_format_csv = {csv_open, csv_write, csv_finish, csv_close};
