# Wrong usage: one line with the nearest name, exit code 2.
# shellcheck source=/dev/null
. "$HERE/helpers.sh"
refuses 'needs a command' feller
refuses 'no command "rnu"; did you mean "run"?' feller rnu
refuses 'no command "importt"; did you mean "import"?' feller data importt
refuses 'feller run: needs a study file' feller run
refuses 'feller run: no flag --thread-count' feller run --thread-count 3 s.yaml
refuses 'feller run: no flag --thraeds; did you mean --threads?' feller run --thraeds=3 s.yaml
refuses 'feller run: no flag -x' feller run -x s.yaml
refuses 'feller run: --threads needs a value' feller run s.yaml --threads
refuses 'feller run: -o needs a value' feller run s.yaml -o
refuses 'feller run: --quiet takes no value' feller run --quiet=3 s.yaml
refuses '--threads = "two" is not a finite number' feller run --threads two s.yaml
refuses '--threads = -1 is not in [0, 1024]' feller run --threads=-1 s.yaml
refuses 'one study at a time, not also b.yaml' feller run a.yaml b.yaml
refuses 'feller check: needs a study file' feller check
refuses 'feller list: needs strategies' feller list
refuses 'no list "stratgeies"; did you mean "strategies"?' feller list stratgeies
refuses 'no strategies "sma_corss"; did you mean "sma_cross"?' feller list strategies sma_corss
refuses 'needs strategy or study, and a name' feller new strategy
refuses '"plan" is neither strategy nor study' feller new plan x
refuses '"1x" is no name' feller new strategy 1x
refuses 'needs a store to write' feller data import a.csv
refuses 'needs a CSV file' feller data import -s store
refuses '--bad-rows = "drop" is not one of stop|quarantine' feller data import a.csv -s s --bad-rows drop
refuses '--delimiter: "::" is not one character or tab' feller data check a.csv --delimiter ::
refuses '--quarantine is for one file, not for 2' feller data import a.csv b.csv -s s --quarantine q.csv
feller data import 2>&1 | sed 's/;.*//'
refuses 'feller report: needs a run folder' feller report
refuses 'none is no run folder' feller report none
refuses 'none/manifest.json: cannot open' feller reproduce none
refuses 'needs a store, a symbol and a length' feller data resample store
refuses 'needs a store, not also more' feller data compact store more
