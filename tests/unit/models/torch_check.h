/* tests/unit/models/torch_check.h - networks against torch's numbers: outputs, gradients, ten steps
 * of training by Adam, in both precisions. */
#ifndef FEL_TESTS_TORCH_CHECK_H
#define FEL_TESTS_TORCH_CHECK_H

/* Cases as torch_transformer.py prints them; `n_cases` of them there must be. */
void torch_check_recorded(const char *path, int n_cases);

/* What the script prints with the torch that is installed; skips the test without one. */
void torch_check_installed(const char *script, int n_cases);

#endif
