/* tests/unit/models/test_transformer_torch.c - transformer and paper_transformer against torch's
 * (torch_transformer.py, which says how): the recorded numbers, and those of the torch that is
 * installed. */
#include "tests/support/check.h"
#include "tests/unit/models/torch_check.h"

enum { N_CASES = 6 };

static void test_recorded_numbers_of_torch(void)
{
    torch_check_recorded("tests/unit/models/torch_transformer.json", N_CASES);
}

static void test_numbers_of_the_torch_that_is_installed(void)
{
    torch_check_installed("tests/unit/models/torch_transformer.py", N_CASES);
}

SUITE("models/transformer_torch", TEST(test_recorded_numbers_of_torch),
      TEST(test_numbers_of_the_torch_that_is_installed));
