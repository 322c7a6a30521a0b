# Two commands are enough on a fresh machine that has Go, git and make:
#   make run     opens the app
#   make test    passes the tests
# `make help` lists the rest. What a target needs and is missing, it installs
# (.ci/need says what and why first).

# nodynamic: decoders written in C run only inside the wasm sandbox, and no
# library of the host is ever loaded. no_emoji: 4 MB of font that Tabir never shows.
# accessibility: screen readers.
TAGS      := nodynamic,no_emoji,migrated_fynedo,accessibility
VERSION   := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GOBUILD   := go build -trimpath -tags $(TAGS) -ldflags '-s -w -X main.version=$(VERSION)'
# The tests need neither a display nor a C compiler.
GOTEST    := CGO_ENABLED=0 go test -tags $(TAGS),ci
TARGETS   := windows/amd64 darwin/arm64 linux/arm64

# The weights of the face detector, from a pinned commit; their hash is checked.
MODEL     := assets/models/yunet_n_640_640.onnx
MODEL_URL := https://raw.githubusercontent.com/ShiqiYu/libfacedetection.train/47198234de8c4646961e46159e02af5b06021a78/onnx/yunet_n_640_640.onnx
MODEL_SHA := 25a606a145a5b6d7271ae138fbd00eba91dad8b83222ae3f2c7ecd0f4a7b0e31

.PHONY: help run build cli model release test lint unit race cross e2e fuzz bench bench-formats bench-faces bench-window fonts notices screenshot screens clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: model build ## build the app and open it
	bin/tabir

build: ## build the app: bin/tabir
	@.ci/need window
	$(GOBUILD) -o bin/tabir ./cmd/tabir

cli: ## build the command line: bin/tabir-cli (needs nothing but Go)
	@.ci/need go
	CGO_ENABLED=0 $(GOBUILD) -o bin/tabir-cli ./cmd/tabir-cli

model: ## fetch the weights of the face detector once, to be built in
	@if [ -e $(MODEL) ] && echo "$(MODEL_SHA)  $(MODEL)" | sha256sum -c --status; then exit 0; fi; \
	if curl -fsSL --max-time 60 -o $(MODEL).part $(MODEL_URL) && echo "$(MODEL_SHA)  $(MODEL).part" | sha256sum -c --status; \
	then mv $(MODEL).part $(MODEL); echo 'model: $(MODEL)'; \
	else rm -f $(MODEL).part; echo 'model: the weights of the face detector could not be fetched; only the basic face finder will be there'; fi

# What is given to others has the better face detector in it, or is not made.
release: model ## build the programs to give away: dist/
	@echo "$(MODEL_SHA)  $(MODEL)" | sha256sum -c --status || { echo 'release: there are no weights of the face detector in $(MODEL), see "make model"' >&2; exit 1; }
	@.ci/need window
	$(GOBUILD) -o dist/tabir ./cmd/tabir
	for t in linux/amd64 $(TARGETS); do \
	  CGO_ENABLED=0 GOOS=$${t%/*} GOARCH=$${t#*/} $(GOBUILD) -o dist/tabir-cli-$${t%/*}-$${t#*/}$$(test $${t%/*} = windows && echo .exe) ./cmd/tabir-cli || exit 1; done

test: lint unit race cross ## all checks and tests

lint:
	@.ci/need go
	@test -z "$$(gofmt -l .ci app assets cmd scrub)" || { gofmt -d .ci app assets cmd scrub; exit 1; }
	CGO_ENABLED=0 go vet -tags $(TAGS),ci,e2e,probe ./... ./.ci/photos ./.ci/runes
	CGO_ENABLED=0 go tool staticcheck -tags $(TAGS),ci,e2e,probe ./...

unit:
	$(GOTEST) ./...

e2e: build ## drive the real window on a screen of its own (needs Xvfb)
	@.ci/need screenshot
	CGO_ENABLED=0 go test -count 1 -tags $(TAGS),e2e,ci ./cmd/tabir

# Races can only be looked for with a C compiler; where there is none, that is said.
race:
	@if command -v gcc >/dev/null; then CGO_ENABLED=1 go test -race -tags $(TAGS),ci ./scrub/batch/... ./app/model/...; \
	else echo 'race: skipped, there is no gcc here'; fi

# The engine and the command line for other systems, and the app without a window system.
cross:
	@set -e; for t in $(TARGETS); do echo "cross: $$t"; \
	  export CGO_ENABLED=0 GOOS=$${t%/*} GOARCH=$${t#*/}; \
	  go vet -tags $(TAGS) ./scrub/... ./cmd/tabir-cli; \
	  go build -tags $(TAGS) -o /dev/null ./cmd/tabir-cli; done
	CGO_ENABLED=0 go build -tags $(TAGS),ci -o /dev/null ./cmd/tabir

# Where the time is up while an input runs, Go's fuzzer may fail with "context deadline
# exceeded". What it really found is kept, and fails again.
FUZZTIME ?= 20s
fuzz: ## run every fuzz target for FUZZTIME (20s)
	@set -e; for p in $$(grep -rl --include=*_test.go '^func Fuzz' scrub cmd | xargs -n1 dirname | sort -u); do \
	  for f in $$(grep -rhoE --include=*_test.go '^func Fuzz[A-Za-z0-9_]+' $$p | sed 's/func //' | sort -u); do \
	    echo "fuzz: $$p $$f"; \
	    run="go test -tags $(TAGS),ci ./$$p -run XXX -fuzz ^$$f$$ -fuzzminimizetime 20x -fuzztime $(FUZZTIME)"; \
	    CGO_ENABLED=0 $$run || CGO_ENABLED=0 $$run; done; done

bench: cli ## time Tabir against cp and other tools on 200 generated photos
	.ci/bench

bench-formats: cli ## time Tabir against cp for each format of FORMATS (a folder) and for large files
	.ci/bench-formats

FACES ?= ../shared/faces
bench-faces: ## how well the detectors find the faces in FACES (a folder with truth.json)
	TABIR_FACES=figures TABIR_FACES_DIR=$(abspath $(FACES)) $(GOTEST) -v -count 1 -run TestFigures -timeout 60m ./scrub/internal/face

bench-window: ## time the real window with 1,000 photos: what it does, and what Fyne draws (needs Xvfb)
	@.ci/need window
	TAGS=$(TAGS) .ci/bench-window

fonts: ## make assets/fonts anew from the characters of the translations
	@.ci/need go
	.ci/fonts

notices: ## write assets/NOTICES.txt anew from the modules that are linked
	CGO_ENABLED=0 go test ./assets -run TestNotices -update

screenshot: build cli ## take the README's screenshot (needs Xvfb)
	@.ci/need screenshot
	.ci/screenshot

screens: build ## take pictures of each state, light and dark, in bin/screens (needs Xvfb)
	@.ci/need screenshot
	.ci/screens

clean: ## remove what was built
	rm -rf bin dist
