/* sim/sobol_table.c - the table of Joe and Kuo (2008), read out of sim/sobol_joe_kuo.txt, which is
 * part of the library as it is. That file says whose numbers they are and under which licence;
 * tools/sobol-table.py says how they are packed. */
#include <string.h>

#include "sim/sobol_internal.h"

/* The assembler puts the file's bytes into the read-only data. */
__asm__(".pushsection .rodata\n"
        ".hidden fel_sobol_text\n"
        ".global fel_sobol_text\n"
        "fel_sobol_text:\n"
        ".incbin \"sim/sobol_joe_kuo.txt\"\n"
        ".byte 0\n"
        ".popsection\n");
extern const char fel_sobol_text[] __attribute__((visibility("hidden")));

enum { BITS_A_CHARACTER = 6, CHARACTERS_A_LINE = 96 };

/* How many primitive polynomials over GF(2) have degree 1, 2, ...: phi(2^s - 1) / s. */
static const uint16_t n_of_degree[SOBOL_MAX_DEGREE] = {
    1, 1, 2, 2, 6, 6, 18, 16, 48, 60, 176, 144, 630, 756, 1800, 2048, 7710, 7776,
};

static uint32_t value_of(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return (uint32_t)(c - 'A');
    }
    if (c >= 'a' && c <= 'z') {
        return (uint32_t)(c - 'a') + 26;
    }
    if (c >= '0' && c <= '9') {
        return (uint32_t)(c - '0') + 52;
    }
    return c == '-' ? 62 : 63;
}

/* The first character after the lines that begin with '#'. */
static const char *data_start(void)
{
    const char *at = fel_sobol_text;
    while (*at == '#') {
        at = strchr(at, '\n') + 1;
    }
    return at;
}

typedef struct bit_reader {
    const char *data;
    size_t at; /* bits read so far */
} bit_reader;

static uint32_t read_bits(bit_reader *r, uint32_t n)
{
    uint32_t x = 0;
    for (uint32_t i = 0; i < n; i++) {
        const size_t c = r->at / BITS_A_CHARACTER;
        const char character = r->data[c + c / CHARACTERS_A_LINE]; /* lines end in '\n' */
        const size_t shift = BITS_A_CHARACTER - 1 - r->at % BITS_A_CHARACTER;
        x = x << 1 | (value_of(character) >> shift & 1U);
        r->at++;
    }
    return x;
}

void sobol_table_row(size_t dimension, sobol_row *row)
{
    memset(row, 0, sizeof(*row));
    if (dimension == 0) {
        return;
    }
    size_t left = dimension - 1;
    size_t bit = 0;
    uint32_t s = 1;
    while (left >= n_of_degree[s - 1]) {
        bit += n_of_degree[s - 1] * ((s - 1) + (size_t)s * (s - 1) / 2);
        left -= n_of_degree[s - 1];
        s++;
    }
    bit += left * ((s - 1) + (size_t)s * (s - 1) / 2);
    bit_reader reader = {data_start(), bit};
    row->degree = s;
    row->coefficients = read_bits(&reader, s - 1);
    for (uint32_t i = 0; i < s; i++) {
        row->m[i] = read_bits(&reader, i) << 1 | 1U;
    }
}
