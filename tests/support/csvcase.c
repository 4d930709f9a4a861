/* tests/support/csvcase.c - small CSV files and what comes of them. */
#include "tests/support/csvcase.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"

const char *csv_case_file(const char *name, const char *bytes, long size)
{
    static char path[512];
    (void)snprintf(path, sizeof(path), "%s/%s", scratch_folder(), name);
    FILE *stream = fopen(path, "wb");
    CHECK(stream != NULL);
    if (stream != NULL) {
        const size_t n = size < 0 ? strlen(bytes) : (size_t)size;
        CHECK(fwrite(bytes, 1, n, stream) == n);
        CHECK(fclose(stream) == 0);
    }
    return path;
}

fel_csv_summary csv_case_read(fel_series_list *list, const char *path,
                              const fel_csv_options *options)
{
    fel_csv_summary summary = {0};
    *list = (fel_series_list){0};
    CHECK_OK(fel_csv_read(list, path, options, &summary));
    return summary;
}

void csv_case_error(const char *bytes, long size, const fel_csv_options *options,
                    const char *expected, const char *file, int line)
{
    fel_series_list list = {0};
    const char *path = csv_case_file("bad.csv", bytes, size);
    const fel_status status = fel_csv_read(&list, path, options, NULL);
    check_true_at(status != FEL_OK, expected, file, line);
    if (status == FEL_OK) {
        fel_series_list_clear(&list);
        return;
    }
    const char *message = fel_last_error()->message;
    const size_t n = strlen(path);
    const int has_path = strncmp(message, path, n) == 0 && strncmp(message + n, ": ", 2) == 0;
    check_text_at(has_path ? message + n + 2 : message, expected, "the message", file, line);
    check_true_at(strchr(message, '\n') == NULL, "one line", file, line);
}

const char *csv_case_time(int64_t time_ns)
{
    static char texts[4][40];
    static unsigned next;
    char *text = texts[next++ % 4];
    fel_time_format(time_ns, text, sizeof(texts[0]));
    return text;
}

char *csv_case_slurp(const char *path, size_t *size)
{
    FILE *stream = fopen(path, "rb");
    CHECK(stream != NULL);
    if (stream == NULL) {
        return NULL;
    }
    (void)fseek(stream, 0, SEEK_END);
    const long n = ftell(stream);
    rewind(stream);
    char *text = malloc((size_t)n + 1);
    CHECK(text != NULL && fread(text, 1, (size_t)n, stream) == (size_t)n);
    (void)fclose(stream);
    if (text != NULL) {
        text[n] = '\0';
        *size = (size_t)n;
    }
    return text;
}
