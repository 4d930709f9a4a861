/* study/fit_files.c - the files of a calibration beside its report's: refused quotes, and the
 * fitted process in the form that a study's data takes. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "study/fit_internal.h"
#include "study/study_folder_internal.h"

enum { PATH_SIZE = 4096 };

static void put_number(FILE *file, double value)
{
    char text[NUMBER_TEXT_SIZE];
    if (!isnan(value)) {
        number_format(value, text, sizeof(text));
        (void)fputs(text, file);
    }
}

/* In quotes, those inside doubled. */
static void put_quoted(FILE *file, const char *text)
{
    (void)fputc('"', file);
    for (; *text != '\0'; text++) {
        (void)fputs(*text == '"' ? "\"\"" : (const char[]){*text, '\0'}, file);
    }
    (void)fputs("\"\n", file);
}

static void put_refusal(FILE *file, const fel_quote_refusal *r)
{
    const double numbers[] = {r->t_years, r->strike, r->bid, r->ask, r->price};
    const char *right = r->right == FEL_CALL ? "call" : r->right == FEL_PUT ? "put" : "";
    (void)fprintf(file, "%d,%s,", r->row, right);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        put_number(file, numbers[i]);
        (void)fputc(',', file);
    }
    (void)fprintf(file, "%s,", fel_quote_fault_name(r->fault));
    put_quoted(file, r->reason);
}

static fel_status write_refused(const fel_calibration_run *run, const char *path)
{
    outfile out;
    FEL_TRY(outfile_open(&out, path));
    (void)fputs("row,right,t_years,strike,bid,ask,price,fault,reason\n", out.stream);
    for (size_t i = 0; i < run->chain.n_refused; i++) {
        put_refusal(out.stream, &run->chain.refused[i]);
    }
    return outfile_commit(&out);
}

/* ---- the process ----------------------------------------------------------------------------- */

static void list_values(const fel_process *p, double values[FEL_PROCESS_MAX_PARAMS])
{
    const double all[] = {p->spot,         p->rate_per_year, p->dividend_per_year, p->heston.v0,
                          p->heston.kappa, p->heston.theta,  p->heston.xi,         p->heston.rho};
    memcpy(values, all, sizeof(all));
}

static void put_yaml(FILE *file, const fel_calibration_run *run, const fel_process_class *code,
                     const double *values)
{
    char where[256];
    (void)snprintf(where, sizeof(where), "%s", run->path);
    for (char *c = where; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ') {
            *c = '?';
        }
    }
    (void)fprintf(file,
                  "# Heston fitted to %s%s%s, rms %.4g volatility points; rate and dividend of the "
                  "maturity nearest to a year.\n# A row of a study's data.\ndata:\n"
                  "  - simulate: %s\n    symbol: UNDERLYING\n",
                  where, run->chain.quote_date[0] != '\0' ? " of " : "", run->chain.quote_date,
                  run->fit.rmse_vol_points, code->name);
    for (uint32_t i = 0; i < code->n_params; i++) {
        (void)fprintf(file, "    %s: ", code->params[i].name);
        put_number(file, values[i]);
        (void)fputc('\n', file);
    }
}

static void put_json(FILE *file, const fel_process_class *code, const double *values)
{
    (void)fprintf(file, "{\"simulate\": \"%s\", \"symbol\": \"UNDERLYING\"", code->name);
    for (uint32_t i = 0; i < code->n_params; i++) {
        (void)fprintf(file, ", \"%s\": ", code->params[i].name);
        put_number(file, values[i]);
    }
    (void)fputs("}\n", file);
}

fel_status fel_calibration_run_write_process(const fel_calibration_run *run, const char *path)
{
    const fel_process process = fel_calibration_run_process(run);
    const fel_process_class *code = NULL;
    const size_t length = strlen(path);
    double values[FEL_PROCESS_MAX_PARAMS];
    outfile out;
    list_values(&process, values);
    FEL_TRY(fel_process_find("heston", &code));
    FEL_TRY(outfile_open(&out, path));
    if (length > 5 && strcmp(path + length - 5, ".json") == 0) {
        put_json(out.stream, code, values);
    } else {
        put_yaml(out.stream, run, code, values);
    }
    return outfile_commit(&out);
}

fel_status calibration_write_files(const fel_calibration_run *run, const char *folder,
                                   unsigned kinds)
{
    char path[PATH_SIZE];
    FEL_TRY(fel_calibration_report_write_files(&run->report, folder, kinds));
    if ((kinds & FEL_REPORT_CSV) == 0) {
        return FEL_OK;
    }
    if ((size_t)snprintf(path, sizeof(path), "%s/refused.csv", folder) >= sizeof(path)) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s: the path is too long", folder);
    }
    FEL_TRY(write_refused(run, path));
    (void)snprintf(path, sizeof(path), "%.4000s/heston.yaml", folder);
    return fel_calibration_run_write_process(run, path);
}

fel_status fel_calibration_run_write(const fel_calibration_run *run, const char *path,
                                     unsigned kinds)
{
    run_folder folder = {.temporary = "", .new_parent = ""};
    FEL_TRY(run_folder_begin(&folder, path));
    fel_status status = calibration_write_files(run, folder.temporary, kinds);
    if (status == FEL_OK) {
        status = run_folder_commit(&folder);
    }
    if (status != FEL_OK) {
        run_folder_abandon(&folder);
    }
    return status;
}
