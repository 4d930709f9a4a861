/* hedge/book_kernels.c - the book's kernels by CPU level. */
#include "core/real.h"
#include "hedge/book_internal.h"

KERNEL_DECLARE(void, book_vanilla, f64, (const vanilla_job *job));
KERNEL_DECLARE(void, book_extreme, f64, (const extreme_job *job));
KERNEL_DECLARE(void, book_piece, f64, (const piece_job *job));
KERNEL_DECLARE(void, book_alive, f64, (const alive_job *job));

book_vanilla_fn *book_vanilla_of(cpu_level level)
{
    static book_vanilla_fn *const table[CPU_N_LEVELS] = KERNEL_LEVELS(book_vanilla, f64);
    return table[level];
}

book_extreme_fn *book_extreme_of(cpu_level level)
{
    static book_extreme_fn *const table[CPU_N_LEVELS] = KERNEL_LEVELS(book_extreme, f64);
    return table[level];
}

book_piece_fn *book_piece_of(cpu_level level)
{
    static book_piece_fn *const table[CPU_N_LEVELS] = KERNEL_LEVELS(book_piece, f64);
    return table[level];
}

book_alive_fn *book_alive_of(cpu_level level)
{
    static book_alive_fn *const table[CPU_N_LEVELS] = KERNEL_LEVELS(book_alive, f64);
    return table[level];
}
