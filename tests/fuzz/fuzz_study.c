/* tests/fuzz/fuzz_study.c - any bytes as a study file: a study, or one line that says what is wrong
 * with it, and where. */
#include <stdio.h>
#include <string.h>

#include <feller/study.h>

#include "tests/fuzz/fuzz_target.h"

static int is_one_line(const char *text)
{
    return text[0] != '\0' && strpbrk(text, "\r\n") == NULL;
}

static const char *try_load(const char *path, const char *const *overrides, size_t n)
{
    static char untouched;
    fel_study *study = (fel_study *)(void *)&untouched;
    const fel_status status = fel_study_load(&study, path, overrides, n);
    if (status == FEL_OK) {
        const char *fault = fel_study_name(study)[0] != '\0' ? NULL : "a study without a name";
        fel_study_destroy(study);
        return fault;
    }
    if ((void *)study != &untouched) {
        return "a failing call has touched *out";
    }
    return fel_last_error()->status == status && is_one_line(fel_last_error()->message)
               ? NULL
               : "a failure without a message of one line";
}

const char *fuzz_study(const uint8_t *data, size_t size)
{
    char line[200];
    const char *overrides[1] = {line};
    const char *path = fuzz_file(data, size);
    if (path == NULL) {
        return NULL;
    }
    const char *fault = try_load(path, NULL, 0);
    /* Its first line as what --set would be given. */
    const uint8_t *end = memchr(data, '\n', size);
    const size_t length = end != NULL ? (size_t)(end - data) : size;
    (void)snprintf(line, sizeof(line), "%.*s", (int)(length < 199 ? length : 199),
                   (const char *)data);
    return fault != NULL ? fault : try_load(path, overrides, 1);
}
