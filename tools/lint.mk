# tools/lint.mk - the checks of `make lint`, each of which can be run alone. Included by the Makefile.
LINT_MODULES := $(MODULES) cli
LINT_SRC := $(foreach m,$(LINT_MODULES),$(call src,$(m)))
# clang-tidy and gcc's analyser leave a stamp for each file: only what changed is looked at again.
TIDY_OK  := $(patsubst %.c,build/lint/%.tidy,$(LINT_SRC))
# Not the kernels: gcc 12's analyser takes a shift of vectors for a shift of bits.
GCC_OK   := $(patsubst %.c,build/lint/%.analyzer,$(filter-out %_kernel.c,$(LINT_SRC)))
LINTS    := lint-format lint-headers lint-layers lint-banned lint-metrics lint-names lint-shell \
            lint-spelling lint-man lint-symbols lint-analyzer lint-tidy
.PHONY: lint $(LINTS) symbols

## lint: every check below (install their tools with tools/setup.sh build lint)
lint:
	@$(again) -k -Otarget $(LINTS)
	@echo "lint: nothing to say"

## lint-format: clang-format would change nothing
lint-format:
	@tools/lint-format.sh

## lint-headers: every public header compiles alone, as C17 and as C++17, gcc and clang
lint-headers:
	@tools/lint-headers.sh

## lint-layers: no module includes what is above it (tools/layers.txt)
lint-layers:
	@tools/lint-layers.py tools/layers.txt

## lint-banned: no call that tools/banned.txt forbids
lint-banned:
	@tools/lint-banned.py tools/banned.txt

## lint-metrics: sizes of functions and files within their limits (tools/metrics-allow.txt)
lint-metrics:
	@tools/metrics.py tools/metrics-allow.txt

## lint-names: no two sources of the same name
lint-names:
	@tools/lint-names.sh

## lint-shell: shellcheck on every script
lint-shell:
	@tools/lint-shell.sh

## lint-spelling: codespell on everything
lint-spelling:
	@tools/lint-spelling.sh

## lint-man: mandoc on the manual page
lint-man:
	@tools/lint-man.sh

## lint-symbols: the library exports what docs/symbols.txt lists
lint-symbols: $(OUT)/libfeller.so
	@tools/lint-symbols.sh $< docs/symbols.txt

## symbols: write docs/symbols.txt anew (and add a line to CHANGELOG.md)
symbols: $(OUT)/libfeller.so
	@tools/lint-symbols.sh --write $< docs/symbols.txt

## lint-tidy: clang-tidy with .clang-tidy
lint-tidy: $(TIDY_OK)

## lint-analyzer: gcc -fanalyzer
lint-analyzer: $(GCC_OK)

# Of what gcc 12's analyser finds, leaks and uninitialised values are mostly false (a list whose items
# are freed elsewhere, a pointer set by memcpy); clang-tidy, ASan and valgrind see the true ones.
ANALYZER    := -fanalyzer -Wno-analyzer-malloc-leak -Wno-analyzer-use-of-uninitialized-value
# Nor does clang's follow what a kernel packs by a mask and unpacks by the same; valgrind does.
KERNEL_TIDY := --checks=-clang-analyzer-core.uninitialized.Assign,-clang-analyzer-core.UndefinedBinaryOperatorResult,-clang-analyzer-core.CallAndMessage
module_of   = $(firstword $(subst /, ,$(1)))
lint_flags  = $(STD) -I. -Iinclude $(PKG_CFLAGS) -fopenmp -DFEL_BUILTIN \
              $(if $(findstring _kernel.c,$(1)),-DREAL_BITS=64 -DKERNEL_SUFFIX=f64_base) \
              $(if $(findstring _real.c,$(1)),-DREAL_BITS=64 -DKERNEL_SUFFIX=f64) \
              -DFEL_MODULE_$(call upper,$(call module_of,$(1)))
lint_depend = $(CC) $(call lint_flags,$<) -MM -MP -MT $@ -MF $@.d $<

build/lint/%.tidy: %.c .clang-tidy
	@mkdir -p $(@D)
	$(call say,TIDY,$<)
	$(Q)tools/lint-tidy.sh $< $(if $(findstring _kernel.c,$<),$(KERNEL_TIDY)) -- $(call lint_flags,$<)
	@$(lint_depend)
	@touch $@

build/lint/%.analyzer: %.c
	@mkdir -p $(@D)
	$(call say,ANALYZE,$<)
	$(Q)gcc $(call lint_flags,$<) -O0 $(ANALYZER) -Werror -c $< -o /dev/null
	@$(lint_depend)
	@touch $@

-include $(TIDY_OK:=.d) $(GCC_OK:=.d)
