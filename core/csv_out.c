/* core/csv_out.c - fields of a CSV file on a stream. */
#include "core/csv_out.h"

#include <math.h>
#include <string.h>

#include "core/number.h"

enum { PATH_SIZE = 4096 + 64 };

fel_status csv_open(outfile *file, const char *folder, const char *name)
{
    char path[PATH_SIZE];
    const int n = snprintf(path, sizeof(path), "%s/%s", folder, name);
    if (n < 0 || (size_t)n >= sizeof(path)) {
        return FEL_RAISE(FEL_ERR_ARG, "%s: the path is too long", name);
    }
    return outfile_open(file, path);
}

void csv_put_text(FILE *stream, const char *text)
{
    if (text == NULL || strpbrk(text, ",\"\r\n") == NULL) {
        (void)fputs(text != NULL ? text : "", stream);
        return;
    }
    (void)fputc('"', stream);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"') {
            (void)fputc('"', stream);
        }
        (void)fputc(*c, stream);
    }
    (void)fputc('"', stream);
}

void csv_put_number(FILE *stream, double value)
{
    char text[NUMBER_TEXT_SIZE] = "";
    if (isfinite(value)) {
        number_format(value, text, sizeof(text));
    }
    (void)fprintf(stream, ",%s", text);
}
