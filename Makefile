# `make demo` and `make test` set up `.venv` themselves. On Windows use WSL, or the commands below one by one.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet -c constraints.txt
CORE := $(VENV)/.core
STAMP := $(VENV)/.installed
NOTEBOOKS := $(wildcard examples/*.ipynb)

.PHONY: demo install test slow fuzz lint docs notebooks pages licences dist bench eval gate clean

demo: $(CORE)
	$(BIN)/stance analyze examples/article.txt --target "foreign intervention"

install: $(STAMP)

$(CORE): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) -e .
	$(BIN)/stance download base
	touch $(CORE)

$(STAMP): $(CORE)
	$(PIP) -e '.[train,eval,pdf,ray,serve,sklearn,spacy,docs,dev]'
	$(BIN)/stance download base
	touch $(STAMP)

# The quick tests: neither a browser nor a network. Two processes of one thread each take a quarter of the time of one
# process, whose threads wait for each other.
test: $(STAMP)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile

# The long ones: before an issue is called resolved.
slow: $(STAMP)
	FUZZ_EXAMPLES=2000 $(BIN)/python -m pytest -m "slow or fuzz"

# Readers of strangers' files on a fixed set of inputs; `make slow` tries new ones.
fuzz: $(STAMP)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m fuzz tests/hostile

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(STAMP)
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs out/docs

notebooks: $(STAMP)
	$(BIN)/jupyter-execute $(NOTEBOOKS)

# Opens the HTML pages in Chromium: $$CHROMIUM, else the one on the path.
pages: $(STAMP)
	$(BIN)/python -m pytest -m pages tests/pages

# docs/licences.md from what is installed by default; `.ci/run` checks it with --check.
licences: $(STAMP)
	$(BIN)/python .ci/licences.py

# Wheel and source archive, checked; the wheel runs the demo in an empty environment.
dist: $(STAMP)
	rm -rf dist
	$(BIN)/python -m build
	$(BIN)/twine check --strict dist/*
	$(BIN)/python .ci/check_dist.py dist

bench: $(STAMP)
	$(BIN)/python -m eval.bench
	$(BIN)/python -m eval.bench.startup

eval: $(STAMP)
	$(BIN)/python -m eval configs/eval/article.yaml --output out/article --overwrite

# Fails where the labels of the small sets got worse than the accepted ones by more than chance.
gate: $(STAMP)
	$(BIN)/python -m eval configs/eval/gate.yaml

clean:
	rm -rf $(VENV) out dist
