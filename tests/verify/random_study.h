/* tests/verify/random_study.h - study files drawn at random from all that the schema allows. */
#ifndef FEL_TESTS_RANDOM_STUDY_H
#define FEL_TESTS_RANDOM_STUDY_H

#include <stddef.h>
#include <stdint.h>

enum { RANDOM_SERIES = 3, RANDOM_BARS = 700, RANDOM_TEXT_SIZE = 4096 };

/* w0.csv .. w2.csv and s0.csv (a column `forecast`) in a folder. */
void random_study_data(const char *folder);

/* The text of a study over them. Some are refused: parameters may contradict one another. */
void random_study_text(uint64_t seed, char text[RANDOM_TEXT_SIZE]);

#endif
