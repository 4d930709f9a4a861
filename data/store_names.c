/* data/store_names.c - the words that index.json uses, and the paths of a store's files. */
#include <stdio.h>
#include <string.h>

#include "data/store_internal.h"

static const char *const kind_words[] = {NULL,     "bar",   "quote", "signal",
                                         "action", "trade", "depth", "funding"};
static const char *const adjustment_words[] = {"raw", "split", "total_return"};
static const char *const instrument_words[] = {"equity", "index",     "fx",    "crypto_spot",
                                               "future", "perpetual", "option"};

#define N_WORDS(table) (sizeof(table) / sizeof((table)[0]))

static const char *word_of(const char *const *table, size_t n, int value)
{
    return value >= 0 && (size_t)value < n ? table[value] : NULL;
}

static int value_of(const char *const *table, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++) {
        if (table[i] != NULL && strcmp(table[i], word) == 0) {
            return (int)i;
        }
    }
    return -1;
}

const char *store_kind_word(fel_data_kind kind)
{
    return word_of(kind_words, N_WORDS(kind_words), (int)kind);
}

int store_kind_find(const char *word)
{
    return value_of(kind_words, N_WORDS(kind_words), word);
}

const char *store_adjustment_word(fel_adjustment adjustment)
{
    return word_of(adjustment_words, N_WORDS(adjustment_words), (int)adjustment);
}

int store_adjustment_find(const char *word)
{
    return value_of(adjustment_words, N_WORDS(adjustment_words), word);
}

const char *store_instrument_word(fel_instrument_kind kind)
{
    return word_of(instrument_words, N_WORDS(instrument_words), (int)kind);
}

int store_instrument_find(const char *word)
{
    return value_of(instrument_words, N_WORDS(instrument_words), word);
}

void store_length_text(int64_t length_ns, char *text, size_t size)
{
    static const struct {
        int64_t ns;
        const char *unit;
    } units[] = {{7 * FEL_NS_PER_DAY, "w"}, {FEL_NS_PER_DAY, "d"},    {FEL_NS_PER_HOUR, "h"},
                 {FEL_NS_PER_MINUTE, "m"},  {FEL_NS_PER_SECOND, "s"}, {1, "ns"}};
    size_t u = 0;
    if (length_ns == 0) {
        (void)snprintf(text, size, "no length");
        return;
    }
    while (length_ns % units[u].ns != 0) {
        u++;
    }
    (void)snprintf(text, size, "%lld%s", (long long)(length_ns / units[u].ns), units[u].unit);
}

static fel_status check_length(const char *path, int length)
{
    if (length < 0 || length >= STORE_PATH_SIZE) {
        return FEL_RAISE(FEL_ERR_ARG, "%.200s...: the path is too long", path);
    }
    return FEL_OK;
}

fel_status store_index_path(const char *path, char out[STORE_PATH_SIZE])
{
    return check_length(path, snprintf(out, STORE_PATH_SIZE, "%s/index.json", path));
}

fel_status store_segment_path(const char *path, uint32_t number, char out[STORE_PATH_SIZE])
{
    return check_length(
        path, snprintf(out, STORE_PATH_SIZE, "%s/segments/%06u.h5", path, (unsigned)number));
}
