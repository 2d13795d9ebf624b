# Two commands do everything: `make demo` and `make test`. The rest is for people who work on the code.

.PHONY: demo test release build lint format bench bench-digest check-arm64 docs fuzz clean

build:
	swift build

# One binary with the Swift runtime inside, without symbols: .build/release/torrentctl
release:
	swift build -c release --static-swift-stdlib --product torrentctl -Xlinker -s

# Shares data/ from several seeders, downloads it with several peers at once, compares the bytes.
demo: release
	scripts/demo

# Installs the reference clients where it can, then lint, the release binary and every test.
test:
	scripts/test

lint:
	scripts/lint

format:
	swift format format --in-place --recursive --parallel Package.swift Sources Tests

# Side by side with libtorrent; see scripts/bench --help.
bench: release
	scripts/bench

# GB/s of each way of computing digests.
bench-digest:
	scripts/bench-digest

# The digests for 64-bit ARM, under qemu.
check-arm64:
	scripts/check-arm64

# The libraries' documentation in .build/docs; fails on a dangling link or a declaration without a comment.
docs:
	scripts/docs

fuzz:
	Fuzz/run

clean:
	rm -rf .build
