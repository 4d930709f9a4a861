/* tests/fuzz/fuzz_csv.c - any bytes as a CSV file: no crash, no leak, no outcome that depends on
 * how it is cut.
 *
 * libFuzzer:  clang -fsanitize=fuzzer,address,undefined ... tests/fuzz/fuzz_csv.c libfeller.a
 * Replay:     the same without `fuzzer` and with -DFUZZ_REPLAY; arguments are files
 * (tests/fuzz/corpus_csv). */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FEL_MODULE_DATA
#include "data/csv_reader_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Rows of the whole, and of its two parts around the last row end of each half. */
static void try_rows(const char *bytes, size_t size)
{
    static const char delimiters[] = ",;\t|";
    for (size_t d = 0; d < 4; d++) {
        csv_rows whole = {0}, left = {0}, right = {0};
        if (csv_rows_parse(&whole, bytes, size, delimiters[d]) == FEL_OK) {
            const size_t cut = csv_rows_cut(bytes, size / 2, 0);
            const fel_status first = csv_rows_parse(&left, bytes, cut, delimiters[d]);
            const fel_status second =
                csv_rows_parse(&right, bytes + cut, size - cut, delimiters[d]);
            if (first != FEL_OK || second != FEL_OK || left.n_rows + right.n_rows != whole.n_rows ||
                left.n_fields + right.n_fields != whole.n_fields) {
                abort();
            }
        }
        csv_rows_clear(&whole);
        csv_rows_clear(&left);
        csv_rows_clear(&right);
    }
}

/* Read it all; the counts, or the message of the failure. */
static void read_all(const char *path, size_t batch_bytes, char *outcome, size_t size)
{
    csv_reader *r = NULL;
    csv_batch batch = {0};
    fel_csv_summary s = {0};
    fel_csv_options options = fel_csv_options_default();
    fel_status status = csv_reader_open_sized(&r, path, &options, batch_bytes, batch_bytes);
    do {
        status = status == FEL_OK ? csv_reader_next(r, &batch) : status;
    } while (status == FEL_OK && batch.n > 0);
    status = status == FEL_OK ? csv_reader_finish(r, &s) : status;
    (void)snprintf(outcome, size, "%s %llu %llu %llu %s", s.layout, (unsigned long long)s.n_rows,
                   (unsigned long long)s.n_accepted, (unsigned long long)s.n_gaps,
                   status != FEL_OK ? fel_last_error()->message : "");
    csv_reader_close(r);
}

static void try_file(const uint8_t *data, size_t size)
{
    char path[64], whole[640], pieces[640];
    const int memory = memfd_create("fuzz.csv", MFD_CLOEXEC);
    if (memory < 0) {
        return;
    }
    if (write(memory, data, size) == (ssize_t)size) {
        (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", memory);
        read_all(path, 1 << 20, whole, sizeof(whole));
        read_all(path, 7, pieces, sizeof(pieces));
        if (strcmp(whole, pieces) != 0) {
            abort();
        }
    }
    (void)close(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_rows((const char *)data, size);
    try_file(data, size);
    return 0;
}

#ifdef FUZZ_REPLAY
int main(int argc, char **argv)
{
    static uint8_t bytes[1 << 20];
    for (int i = 1; i < argc; i++) {
        FILE *stream = fopen(argv[i], "rb");
        if (stream == NULL) {
            return 1;
        }
        const size_t n = fread(bytes, 1, sizeof(bytes), stream);
        (void)fclose(stream);
        (void)LLVMFuzzerTestOneInput(bytes, n);
    }
    (void)printf("%d inputs replayed\n", argc - 1);
    return 0;
}
#endif
