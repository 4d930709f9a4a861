/* tests/unit/core/test_arena.c - zeroed, aligned, kept over a reset; lists that grow. */
#include <stdint.h>
#include <string.h>

#include "core/arena.h"
#include "core/array.h"
#include "tests/support/check.h"

static int all_zero(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != 0) {
            return 0;
        }
    }
    return 1;
}

static void test_pieces_are_zeroed_aligned_and_apart(void)
{
    arena a = {0};
    unsigned char *pieces[200];
    for (size_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < 200; i++) {
            const size_t size = i * i * 7 % 9973;
            pieces[i] = arena_alloc(&a, size);
            CHECK(pieces[i] != NULL && (uintptr_t)pieces[i] % 64 == 0);
            CHECK(all_zero(pieces[i], size));
            memset(pieces[i], (int)i + 1, size);
        }
        for (size_t i = 0; i < 200; i++) {
            const size_t size = i * i * 7 % 9973;
            CHECK(size == 0 || (pieces[i][0] == i + 1 && pieces[i][size - 1] == i + 1));
        }
        arena_reset(&a);
    }
    arena_free(&a);
    CHECK(a.first == NULL);
    arena_free(&a);
}

static void test_a_reset_gives_the_same_memory_again(void)
{
    arena a = {0};
    void *small = arena_alloc(&a, 100);
    void *large = arena_alloc(&a, 1 << 20);
    arena_reset(&a);
    CHECK(arena_alloc(&a, 100) == small);
    CHECK(arena_alloc(&a, 1 << 20) == large);
    arena_free(&a);
}

static void test_sizes_that_cannot_be_are_refused(void)
{
    arena a = {0};
    CHECK(arena_alloc(&a, SIZE_MAX) == NULL);
    CHECK(arena_array(&a, SIZE_MAX / 4, 8) == NULL);
    CHECK(arena_array(&a, 0, 8) != NULL);
    CHECK(arena_array(&a, SIZE_MAX, 0) != NULL);
    arena_free(&a);
}

static void test_texts_are_copied_and_formatted(void)
{
    arena a = {0};
    char word[] = "series";
    const char *copy = arena_text(&a, word);
    word[0] = 'S';
    CHECK_TEXT(copy, "series");
    CHECK_TEXT(arena_text(&a, ""), "");
    CHECK_TEXT(arena_printf(&a, "%s:%d: %.3f", "data.csv", 7, 2.385), "data.csv:7: 2.385");
    arena_free(&a);
}

typedef struct int_list {
    int *items;
    size_t n, capacity;
} int_list;

static void test_a_list_keeps_what_is_pushed(void)
{
    int_list list = {0};
    for (int i = 0; i < 10000; i++) {
        CHECK_OK(ARRAY_PUSH(&list, 3 * i));
    }
    CHECK_INT(list.n, 10000);
    CHECK(list.capacity >= list.n && list.capacity < 3 * list.n);
    for (int i = 0; i < 10000; i++) {
        CHECK_INT(list.items[i], 3 * i);
    }
    free(list.items);
}

static void test_a_list_too_long_is_refused(void)
{
    int item = 5;
    void *items = &item;
    size_t capacity = SIZE_MAX / 8;
    CHECK_STATUS(array_reserve(&items, &capacity, capacity, sizeof(int)), FEL_ERR_NOMEM);
    CHECK(items == &item && capacity == SIZE_MAX / 8);
}

SUITE("core/arena", TEST(test_pieces_are_zeroed_aligned_and_apart),
      TEST(test_a_reset_gives_the_same_memory_again), TEST(test_sizes_that_cannot_be_are_refused),
      TEST(test_texts_are_copied_and_formatted), TEST(test_a_list_keeps_what_is_pushed),
      TEST(test_a_list_too_long_is_refused));
