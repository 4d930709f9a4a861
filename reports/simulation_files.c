/* reports/simulation_files.c - the files of Monte Carlo and calibration reports: each whole or not
 * there. */
#include <stdlib.h>

#include "core/core.h"
#include "reports/html_internal.h"
#include "reports/simulation_internal.h"

static fel_status write_file(const void *report, const char *folder, const simulation_file *file)
{
    outfile out;
    char path[sizeof(out.path)];
    const int length = snprintf(path, sizeof(path), "%s/%s", folder, file->name);
    if (length < 0 || (size_t)length >= sizeof(path)) {
        return FEL_RAISE(FEL_ERR_IO, "%s: the path is too long", folder);
    }
    FEL_TRY(outfile_open(&out, path));
    const fel_status status = file->put(report, out.stream);
    if (status != FEL_OK) {
        outfile_abandon(&out);
        return status;
    }
    return outfile_commit(&out);
}

fel_status simulation_write_files(const void *report, const char *folder, unsigned kinds,
                                  const simulation_file *files, size_t n)
{
    if (folder == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "folder is NULL; a folder's path is needed");
    }
    for (size_t i = 0; i < n; i++) {
        if ((kinds & files[i].kind) != 0) {
            FEL_TRY(write_file(report, folder, &files[i]));
        }
    }
    return FEL_OK;
}

fel_status simulation_put_page(const void *report, FILE *stream, simulation_put put_json)
{
    char *json = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&json, &size);
    if (memory == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for the report's page");
    }
    fel_status status = put_json(report, memory);
    const int failed = ferror(memory);
    if (fclose(memory) != 0 || failed) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "no memory for the report's page");
    }
    if (status == FEL_OK) {
        (void)fwrite(report_page_head, 1, report_page_head_size, stream);
        html_write_json(stream, json);
        (void)fwrite(report_page_tail, 1, report_page_tail_size, stream);
    }
    free(json);
    return status;
}
