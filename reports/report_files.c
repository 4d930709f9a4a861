/* reports/report_files.c - the report's files: each whole or not there, several at a time. */
#include "core/core.h"
#include "reports/report_internal.h"
#include "reports/report_model_internal.h"

typedef fel_status (*report_put)(const fel_report *report, FILE *stream);

/* The largest first, so that threads end together. */
static const struct {
    const char *name;
    fel_report_files kind;
    report_put put;
} files[] = {
    {"order_events.csv", FEL_REPORT_CSV, csv_put_order_events},
    {"orders.csv", FEL_REPORT_CSV, csv_put_orders},
    {"fills.csv", FEL_REPORT_CSV, csv_put_fills},
    {"report.json", FEL_REPORT_JSON, report_put_json},
    {"report.html", FEL_REPORT_HTML, report_put_html},
    {"trades.csv", FEL_REPORT_CSV, csv_put_trades},
    {"equity.csv", FEL_REPORT_CSV, csv_put_equity},
    {"positions.csv", FEL_REPORT_CSV, csv_put_positions},
    {"report.txt", FEL_REPORT_TEXT, fel_report_write_terminal},
};
enum { N_FILES = sizeof(files) / sizeof(files[0]) };

static fel_status write_file(const fel_report *report, const char *path, report_put put)
{
    outfile file;
    FEL_TRY(outfile_open(&file, path));
    const fel_status status = put(report, file.stream);
    if (status != FEL_OK) {
        outfile_abandon(&file);
        return status;
    }
    return outfile_commit(&file);
}

typedef struct file_work {
    const fel_report *report;
    const char *folder;
    unsigned kinds;
} file_work;

static fel_status write_one(void *payload, size_t index, int thread)
{
    (void)thread;
    const file_work *work = payload;
    char path[sizeof(((outfile *)NULL)->path)];
    const int is_empty =
        files[index].put == csv_put_order_events && work->report->result.n_order_events == 0;
    if ((work->kinds & files[index].kind) == 0 || is_empty) {
        return FEL_OK;
    }
    const int length = snprintf(path, sizeof(path), "%s/%s", work->folder, files[index].name);
    if (length < 0 || (size_t)length >= sizeof(path)) {
        return FEL_RAISE(FEL_ERR_IO, "%s: the path is too long", work->folder);
    }
    return write_file(work->report, path, files[index].put);
}

fel_status fel_report_write_files(const fel_report *report, const char *folder, unsigned kinds,
                                  int n_threads)
{
    file_work work = {report, folder, kinds};
    return threads_run(n_threads, N_FILES, write_one, &work);
}

fel_status fel_report_write_csv(const fel_report *report, const char *folder)
{
    return fel_report_write_files(report, folder, FEL_REPORT_CSV, 1);
}

fel_status fel_report_write_json(const fel_report *report, const char *path)
{
    return write_file(report, path, report_put_json);
}

fel_status fel_report_write_html(const fel_report *report, const char *path)
{
    return write_file(report, path, report_put_html);
}
