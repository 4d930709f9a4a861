/* tests/unit/study/study_files.c - see study_files.h. */
#include "tests/unit/study/study_files.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"

void put_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL);
    if (file != NULL) {
        CHECK(fputs(text, file) >= 0);
        CHECK(fclose(file) == 0);
    }
}

void put_bars(const char *path, int n, double shift)
{
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL);
    if (file == NULL) {
        return;
    }
    (void)fputs("date,open,high,low,close,volume\n", file);
    double before = 50.0;
    int64_t day_ns = INT64_C(14613) * FEL_NS_PER_DAY; /* Monday, 2010-01-04 */
    for (int i = 0; i < n; i++) {
        char day[16];
        const double t = (double)i;
        const double close =
            rint(100.0 * (50.0 + 0.013 * t + 7.3 * sin(t / 23.7 + shift) + 2.9 * sin(t / 5.31))) /
            100.0;
        fel_day_format(day_ns + 1, day, sizeof(day));
        (void)fprintf(file, "%s,%.2f,%.2f,%.2f,%.2f,%d\n", day, before, fmax(before, close) + 0.37,
                      fmin(before, close) - 0.29, close, 1000 + i % 97);
        before = close;
        day_ns += (i % 5 == 4 ? 3 : 1) * FEL_NS_PER_DAY;
    }
    CHECK(fclose(file) == 0);
}

char *get_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    (void)fseek(file, 0, SEEK_END);
    const long size = ftell(file);
    rewind(file);
    char *text = calloc((size_t)size + 1, 1);
    if (text != NULL) {
        CHECK(fread(text, 1, (size_t)size, file) == (size_t)size);
    }
    (void)fclose(file);
    return text;
}

const char *in_folder(const char *folder, const char *name)
{
    static char paths[8][512];
    static int next;
    char *path = paths[next++ % 8];
    (void)snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
    return path;
}

fel_study *load_study(const char *folder, const char *text)
{
    fel_study *study = NULL;
    const char *path = in_folder(folder, "study.yaml");
    put_file(path, text);
    CHECK_OK(fel_study_load(&study, path, NULL, 0));
    return study;
}

fel_status run_text(const char *folder, const char *text, const char *name, int n_threads,
                    fel_run **run)
{
    fel_study *study = load_study(folder, text);
    if (study == NULL) {
        return FEL_ERR_FORMAT;
    }
    fel_run *made = NULL;
    fel_run_options options = fel_run_options_default();
    options.out_dir = in_folder(folder, name);
    options.n_threads = n_threads;
    options.write_html = 0;
    const fel_status status = fel_study_run(study, &options, &made);
    if (run != NULL) {
        *run = made;
    } else {
        fel_run_destroy(made);
    }
    fel_study_destroy(study);
    return status;
}
