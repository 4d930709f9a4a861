/* core/nearest.c - edit distance with transpositions (optimal string alignment), case ignored. */
#include "core/nearest.h"

#include <ctype.h>
#include <string.h>

enum { LONGEST = 63 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static int same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Three rows of the table are enough: the one before the last serves transpositions. */
static size_t edit_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b_len; j++) {
        above[j] = j;
        before[j] = j;
    }
    for (size_t i = 1; i <= a_len; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            const size_t change = same_letter(a[i - 1], b[j - 1]) ? 0 : 1;
            row[j] = least(above[j - 1] + change, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
                same_letter(a[i - 2], b[j - 1])) {
                row[j] = least(row[j], before[j - 2] + 1);
            }
        }
        size_t *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return above[b_len];
}

/* One edit in three letters still looks like a slip of the hand. */
static size_t most_edits(size_t length)
{
    return length < 6 ? 1 : length / 3;
}

size_t nearest_name(const char *name, const char *const *names, size_t n)
{
    const size_t length = strlen(name);
    size_t best = n, best_distance = LONGEST + 1;
    for (size_t i = 0; i < n && length <= LONGEST; i++) {
        const size_t other = names[i] == NULL ? 0 : strlen(names[i]);
        if (other == 0 || other > LONGEST) {
            continue;
        }
        const size_t longer = length > other ? length : other;
        const size_t distance = edit_distance(name, length, names[i], other);
        if (distance <= most_edits(longer) && distance < longer && distance < best_distance) {
            best = i;
            best_distance = distance;
        }
    }
    return best;
}
