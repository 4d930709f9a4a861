# Everything is built under $(OUT), build/$(MODE) unless told otherwise; nothing is written beside the
# sources. `make help` lists the targets.
MODE    ?= release
ifeq ($(filter $(MODE),release debug asan tsan cov),)
$(error MODE = $(MODE) is not one of release debug asan tsan cov)
endif
CC      ?= cc
CXX     ?= c++
OUT     := build/$(MODE)
MODULES := core data sim losses models hedge portfolio engine strategies reports study
JOBS    ?= $(shell nproc)

prefix  ?= /usr/local
bindir  ?= $(prefix)/bin
libdir  ?= $(prefix)/lib
includedir ?= $(prefix)/include
datadir ?= $(prefix)/share
VERSION := $(shell sed -n 's/^\#define FEL_VERSION "\(.*\)"/\1/p' core/version.h)
SONAME  := libfeller.so.$(firstword $(subst ., ,$(VERSION)))

PACKAGES := gsl hdf5 libarchive icu-i18n icu-uc yaml-0.1 jansson libxxhash libdeflate
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lcsv

STD     := -std=c17 -D_GNU_SOURCE
WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wdouble-promotion \
           -Wcast-qual -Wcast-align -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes \
           -Wold-style-definition -Wpointer-arith -Wwrite-strings -Wundef -Wvla -Wswitch-enum \
           -Wredundant-decls -Wnull-dereference
OPT_release := -O2 -g -ffp-contract=off
OPT_debug   := -Og -g3 -ffp-contract=off
OPT_asan    := -O1 -g -ffp-contract=off -fsanitize=address,undefined -fno-sanitize-recover=all \
               -fno-omit-frame-pointer
OPT_tsan    := -O1 -g -ffp-contract=off -fsanitize=thread
OPT_cov     := -O0 -g -ffp-contract=off --coverage
CFLAGS  ?= $(OPT_$(MODE))
LDFLAGS ?= -Wl,--as-needed
LDLIBS  := $(PKG_LIBS) -lm -ldl -fopenmp
FLAGS    = $(STD) $(WARN) $(WERROR) -I. -Iinclude $(PKG_CFLAGS) -fopenmp -fPIC \
           -fvisibility=hidden -MMD -MP $(CFLAGS)

export ASAN_OPTIONS ?= detect_leaks=1 allocator_may_return_null=1
export TSAN_OPTIONS ?= suppressions=$(CURDIR)/tools/tsan.supp allocator_may_return_null=1

# Files named *_kernel.c are compiled once a precision and CPU level: NAME_kernel.f32_avx2.o with
# REAL_BITS=32, KERNEL_SUFFIX=f32_avx2 and that level's flags. FMA is spelt out in them. Files named
# *_real.c, which call kernels and BLAS, are compiled once a precision: NAME_real.f32.o with
# REAL_BITS=32, KERNEL_SUFFIX=f32.
KERNEL_LEVELS := base
ifneq ($(findstring x86_64,$(shell $(CC) -dumpmachine)),)
KERNEL_LEVELS += avx2 avx512
endif
# Neither changes a value: no errno from sqrt, no care for floating-point exceptions of lanes that
# are thrown away. And no notes on how vectors are passed: all of that is inlined.
KERNEL_MATH         := -fno-math-errno -fno-trapping-math -Wno-psabi
KERNEL_FLAGS_base   :=
KERNEL_FLAGS_avx2   := -mavx2 -mfma -mbmi2
KERNEL_FLAGS_avx512 := -mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx2 -mfma -mbmi2 \
                       -mprefer-vector-width=512
KERNEL_OPT_release  := -O3
KERNELS  := $(foreach level,$(KERNEL_LEVELS),f32_$(level) f64_$(level))

src      = $(sort $(wildcard $(1)/*.c))
kernels  = $(filter %_kernel.c,$(call src,$(1)))
reals    = $(filter %_real.c,$(call src,$(1)))
objs     = $(patsubst %.c,$(OUT)/%.o,$(filter-out %_kernel.c %_real.c,$(call src,$(1)))) \
           $(foreach k,f32 f64,$(patsubst %.c,$(OUT)/%.$(k).o,$(call reals,$(1)))) \
           $(foreach k,$(KERNELS),$(patsubst %.c,$(OUT)/%.$(k).o,$(call kernels,$(1))))
upper    = $(shell echo $(1) | tr a-z A-Z)
LIB_OBJS := $(foreach m,$(MODULES),$(call objs,$(m)))
CLI_OBJS := $(call objs,cli)
TEST_SRC := $(sort $(wildcard tests/support/*.c tests/unit/*/*.c tests/property/*.c tests/oracle/*.c) \
              $(filter-out tests/fuzz/fuzz_main.c,$(wildcard tests/fuzz/*.c)))
TEST_OBJS := $(patsubst %.c,$(OUT)/%.o,$(TEST_SRC))
PLUGINS  := $(patsubst %.c,$(OUT)/%.so,$(call src,strategies))
PLUGINS  := $(filter $(OUT)/strategies/strategy_%,$(PLUGINS))
# bench/bench_NAME.c are programs; other files there are linked into each of them.
BENCH_OBJS := $(call objs,bench)
BENCH_MAIN_OBJS := $(filter $(OUT)/bench/bench_%,$(BENCH_OBJS))
BENCH_BINS := $(BENCH_MAIN_OBJS:.o=)
# Programs of others to compare with, made by bench-peers alone.
PEER_BINS := $(patsubst %.cpp,$(OUT)/%,$(wildcard bench/peers/*.cpp))
VERIFY_OBJS := $(call objs,tests/verify)
OBJS     := $(LIB_OBJS) $(CLI_OBJS) $(TEST_OBJS) $(BENCH_OBJS) $(VERIFY_OBJS)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.PHONY: all lib programs test check unit verify demo bench bench-peers install uninstall clean help

# `make V=1` shows the commands.
Q   := $(if $(V),,@)
say  = $(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),,@echo "  $(1)" $(patsubst $(OUT)/%,%,$(2)))
# A second run of make, on all cores unless -j was given, for targets that install packages first.
again = $(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))

## all: the library, the command and the plug-ins (MODE=release|debug|asan|tsan|cov)
all: $(OUT)/libfeller.a $(OUT)/libfeller.so $(OUT)/feller $(PLUGINS)

lib: $(OUT)/libfeller.a

# The page of the HTML report; adds to EXTRA_LIB_OBJS.
ifneq ($(filter reports,$(MODULES)),)
-include reports/web/web.mk
endif
-include cli/cli.mk

# ---- compile ---------------------------------------------------------------------------------------

# A file of module M may include M's internal headers (M/*_internal.h), and no other's.
define module_rules
$(OUT)/$(1)/%.o: $(1)/%.c
	@mkdir -p $$(@D)
	$$(call say,CC,$$<)
	$$(Q)$$(CC) $$(FLAGS) -DFEL_MODULE_$(call upper,$(1)) -DFEL_BUILTIN -c $$< -o $$@
endef
$(foreach m,$(MODULES),$(eval $(call module_rules,$(m))))

define kernel_rules
$(OUT)/$(1)/%_kernel.$(2).o: $(1)/%_kernel.c
	@mkdir -p $$(@D)
	$$(call say,CC,$$< $(2))
	$$(Q)$$(CC) $$(FLAGS) $$(KERNEL_OPT_$$(MODE)) $$(KERNEL_MATH) $$(KERNEL_FLAGS_$(lastword $(subst _, ,$(2)))) \
	  -DREAL_BITS=$(patsubst f%,%,$(firstword $(subst _, ,$(2)))) -DKERNEL_SUFFIX=$(2) \
	  -DFEL_MODULE_$(call upper,$(1)) -c $$< -o $$@
endef
$(foreach m,$(MODULES),$(foreach k,$(KERNELS),$(eval $(call kernel_rules,$(m),$(k)))))

define real_rules
$(OUT)/$(1)/%_real.$(2).o: $(1)/%_real.c
	@mkdir -p $$(@D)
	$$(call say,CC,$$< $(2))
	$$(Q)$$(CC) $$(FLAGS) -DREAL_BITS=$(patsubst f%,%,$(2)) -DKERNEL_SUFFIX=$(2) \
	  -DFEL_MODULE_$(call upper,$(1)) -c $$< -o $$@
endef
$(foreach m,$(MODULES),$(foreach k,f32 f64,$(eval $(call real_rules,$(m),$(k)))))

define program_rules
$(OUT)/$(1)/%.o: $(1)/%.c
	@mkdir -p $$(@D)
	$$(call say,CC,$$<)
	$$(Q)$$(CC) $$(FLAGS) -DFEL_MODULE_$(call upper,$(1)) -c $$< -o $$@
endef
$(foreach m,cli bench tests,$(eval $(call program_rules,$(m))))

# Its text is part of the object.
$(OUT)/sim/sobol_table.o: sim/sobol_joe_kuo.txt

# Other flags or another compiler make everything again.
$(OBJS) $(EXTRA_LIB_OBJS) $(PLUGINS): $(OUT)/flags
$(OUT)/flags: FORCE
	@pkg-config --exists $(PACKAGES) || \
	  { echo "a library is missing: run tools/setup.sh build" >&2; exit 1; }
	@mkdir -p $(@D)
	@echo '$(CC) $(FLAGS) $(LDFLAGS)' | cmp -s - $@ || echo '$(CC) $(FLAGS) $(LDFLAGS)' >$@
FORCE:

# ---- link ------------------------------------------------------------------------------------------

link = $(CC) $(CFLAGS) $(LDFLAGS)
# Test programs can make the library's allocations fail: tests/support/failing_malloc.h.
wrap = $(patsubst %,-Wl$(comma)--wrap=%,malloc calloc realloc aligned_alloc strdup open_memstream free)
comma := ,

$(OUT)/libfeller.a: $(LIB_OBJS) $(EXTRA_LIB_OBJS)
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $^
$(OUT)/libfeller.so: $(LIB_OBJS) $(EXTRA_LIB_OBJS)
	$(call say,LD,$@)
	$(Q)$(link) -shared -Wl,-soname,$(SONAME) $^ -o $@ $(LDLIBS)
$(OUT)/feller: $(CLI_OBJS) $(OUT)/libfeller.a
	$(call say,LD,$@)
	$(Q)$(link) -rdynamic $^ -o $@ $(LDLIBS)
$(OUT)/strategies/%.so: strategies/%.c
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(FLAGS) -MF $@.d -MT $@ -shared $< -o $@
$(OUT)/feller-tests: $(TEST_OBJS) $(OUT)/libfeller.a
	$(call say,LD,$@)
	$(Q)$(link) $(wrap) -rdynamic $^ -o $@ -lcunit $(LDLIBS)
$(OUT)/feller-verify: $(VERIFY_OBJS) $(call objs,tests/support) \
                      $(OUT)/tests/unit/study/study_files.o $(OUT)/tests/oracle/option_rows.o \
                      $(addprefix $(OUT)/tests/unit/engine/,engine_fixture.o random_account.o \
                      random_market.o random_strategy.o) $(OUT)/libfeller.a
	$(call say,LD,$@)
	$(Q)$(link) $(wrap) -rdynamic $^ -o $@ -lcunit $(LDLIBS)
$(BENCH_BINS): %: %.o $(filter-out $(BENCH_MAIN_OBJS),$(BENCH_OBJS)) $(OUT)/libfeller.a
	$(call say,LD,$@)
	$(Q)$(link) -rdynamic $^ -o $@ $(LDLIBS)

programs: all $(OUT)/feller-tests $(BENCH_BINS) $(if $(VERIFY_OBJS),$(OUT)/feller-verify)

$(PEER_BINS): $(OUT)/%: %.cpp
	@mkdir -p $(@D)
	$(call say,CXX,$<)
	$(Q)$(CXX) -std=c++17 -O3 $< -lQuantLib -o $@

# ---- run -------------------------------------------------------------------------------------------

# What the scripts below need to know.
export FELLER_OUT := $(abspath $(OUT))
export FELLER     := $(abspath $(OUT))/feller
export MODE

## test: install what is missing, build, run every test
test:
	@tools/setup.sh build test
	@$(again) check

# The same without looking at packages.
check: all $(OUT)/feller-tests
	@tools/workloads.sh
	@tools/run-tests.sh $(OUT)/feller-tests tests/cli/run.sh tests/examples/run.sh tests/web/check.sh

## unit: the unit tests alone (TESTS=word runs the suites whose name has it)
unit: $(OUT)/feller-tests
	$(OUT)/feller-tests $(TESTS)

## verify: the long statistical and training checks, tests/verify/*.sh and tests/verify/*.c
verify: all $(if $(VERIFY_OBJS),$(OUT)/feller-verify)
	@tools/run-tests.sh $(if $(VERIFY_OBJS),$(OUT)/feller-verify) $(sort $(wildcard tests/verify/*.sh))

## demo: install what is missing, build, import the sample and write a report to open
demo:
	@tools/setup.sh build
	@$(again) all
	@examples/demo/run.sh

## bench: the benchmarks, one JSON line a row on stdout (BENCH=name for one of them)
bench: all $(BENCH_BINS)
	@BENCH="$(BENCH)" bench/run.sh

## bench-peers: install the programs that benchmarks compare with, and run those
bench-peers:
	@tools/setup.sh build peers
	@$(again) all $(BENCH_BINS) $(PEER_BINS)
	@BENCH="$(BENCH)" bench/peers.sh

include tools/lint.mk
include tests/fuzz/fuzz.mk

# ---- install ---------------------------------------------------------------------------------------

put     = install -D -m
in_root = $(addprefix $(DESTDIR),$(1))
installed = $(bindir)/feller $(libdir)/libfeller.a $(libdir)/libfeller.so \
            $(libdir)/libfeller.so.$(VERSION) $(libdir)/$(SONAME) $(libdir)/pkgconfig/feller.pc \
            $(datadir)/man/man1/feller.1 $(datadir)/bash-completion/completions/feller

$(OUT)/feller.pc: feller.pc.in core/version.h FORCE
	@mkdir -p $(@D)
	@sed -e 's|@prefix@|$(prefix)|' -e 's|@libdir@|$(libdir)|' -e 's|@includedir@|$(includedir)|' \
	  -e 's|@version@|$(VERSION)|' $< >$@

## install: everything under prefix (/usr/local), itself under DESTDIR if given
install: all $(OUT)/feller.pc
	$(put) 755 $(OUT)/feller $(call in_root,$(bindir)/feller)
	$(put) 644 $(OUT)/libfeller.a $(call in_root,$(libdir)/libfeller.a)
	$(put) 755 $(OUT)/libfeller.so $(call in_root,$(libdir)/libfeller.so.$(VERSION))
	ln -sf libfeller.so.$(VERSION) $(call in_root,$(libdir)/$(SONAME))
	ln -sf $(SONAME) $(call in_root,$(libdir)/libfeller.so)
	$(put) 644 $(OUT)/feller.pc $(call in_root,$(libdir)/pkgconfig/feller.pc)
	$(put) 644 -t $(call in_root,$(includedir)/feller) include/feller/*.h
	$(put) 644 docs/man/feller.1 $(call in_root,$(datadir)/man/man1/feller.1)
	$(put) 644 tools/completion.bash $(call in_root,$(datadir)/bash-completion/completions/feller)
	$(if $(PLUGINS),$(put) 755 -t $(call in_root,$(libdir)/feller/strategies) $(PLUGINS))
	@$(if $(DESTDIR),:,ldconfig 2>/dev/null || :)

## uninstall: what install put there
uninstall:
	$(RM) $(call in_root,$(installed))
	$(RM) $(call in_root,$(patsubst include/feller/%,$(includedir)/feller/%,$(wildcard include/feller/*.h)))
	$(RM) $(call in_root,$(patsubst $(OUT)/%,$(libdir)/feller/%,$(PLUGINS)))
	-rmdir $(call in_root,$(includedir)/feller $(libdir)/feller/strategies $(libdir)/feller)

## clean: remove build/
clean:
	$(RM) -r build

## help: this list
help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

-include $(OBJS:.o=.d) $(PLUGINS:=.d)
