/* tests/unit/reports/golden.c - see golden.h. */
#include "tests/unit/reports/golden.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"

char *file_text(const char *path)
{
    char *text = NULL;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    if (fseek(file, 0, SEEK_END) == 0) {
        const long size = ftell(file);
        rewind(file);
        text = size >= 0 ? calloc(1, (size_t)size + 1) : NULL;
        if (text != NULL && fread(text, 1, (size_t)size, file) != (size_t)size) {
            free(text);
            text = NULL;
        }
    }
    (void)fclose(file);
    return text;
}

static void print_difference(const char *name, const char *actual, const char *expected)
{
    size_t line = 1, start = 0, i = 0;
    while (actual[i] != '\0' && actual[i] == expected[i]) {
        if (actual[i++] == '\n') {
            line++;
            start = i;
        }
    }
    const char *a = actual + start, *e = expected + start;
    (void)printf("\n%s, line %zu\n  is:      %.*s\n  was:     %.*s\n", name, line,
                 (int)strcspn(a, "\n"), a, (int)strcspn(e, "\n"), e);
}

void check_golden(const char *path, const char *name)
{
    char golden[256];
    (void)snprintf(golden, sizeof(golden), "tests/golden/%s", name);
    char *actual = file_text(path), *expected = file_text(golden);
    CHECK(actual != NULL);
    CHECK(expected != NULL);
    if (actual != NULL && expected != NULL) {
        const int same = strcmp(actual, expected) == 0;
        if (!same) {
            print_difference(name, actual, expected);
        }
        CHECK(same);
    }
    free(actual);
    free(expected);
}
