/* bench/workload.c - the bar workloads' files. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/measure.h"

const char *workload_path(const char *name)
{
    static char path[1024];
    const char *folder = getenv("FELLER_WORKLOADS");
    (void)snprintf(path, sizeof(path), "%s/%s", folder != NULL ? folder : "build/workloads", name);
    if (access(path, R_OK) != 0) {
        (void)fprintf(stderr,
                      "bench: %s is not there: tools/workloads.sh makes it (needs numpy and "
                      "../shared/workloads)\n",
                      path);
        return NULL;
    }
    return path;
}

static fel_series *head_of(const fel_series *series, size_t n_rows)
{
    fel_block rows = fel_series_rows(series);
    fel_series *head = NULL;
    rows.n = n_rows < rows.n ? n_rows : rows.n;
    MUST(fel_series_create(&head, fel_series_describe(series), &rows));
    return head;
}

void workload_read(const char *name, size_t n_rows, fel_series_list *out)
{
    const char *path = workload_path(name);
    if (path == NULL) {
        exit(1);
    }
    fel_csv_options options = fel_csv_options_default();
    (void)snprintf(options.currency, sizeof(options.currency), "USD");
    MUST(fel_csv_read(out, path, &options, NULL));
    for (size_t i = 0; n_rows > 0 && i < out->n; i++) {
        fel_series *head = head_of(out->items[i], n_rows);
        fel_series_destroy(out->items[i]);
        out->items[i] = head;
    }
}
