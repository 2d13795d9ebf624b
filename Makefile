# Two commands do everything: `make demo` and `make test`. The rest is for people who work on the code.

.PHONY: demo test release install uninstall build lint format bench bench-sharing bench-hash bench-digest bench-metainfo check-arm64 docs fuzz \
  map mutate tsan asan clean

# Where `make install` puts things, below DESTDIR if that is set.
PREFIX ?= /usr/local

build:
	swift build

# One binary with the Swift runtime inside, without symbols: .build/release/torrentctl
release:
	swift build -c release --static-swift-stdlib --product torrentctl -Xlinker -s

# The binary that `make release` has built, the manual page, and completions for bash, zsh and fish. Builds nothing: root
# should not write into .build, and may not have a Swift compiler.
install:
	@test -x .build/release/torrentctl || { echo 'nothing is built yet: first run: make release' >&2; exit 1; }
	install -d $(addprefix $(DESTDIR)$(PREFIX)/,bin share/man/man1 share/bash-completion/completions \
	  share/zsh/site-functions share/fish/vendor_completions.d)
	install .build/release/torrentctl $(DESTDIR)$(PREFIX)/bin/torrentctl
	.build/release/torrentctl man >$(DESTDIR)$(PREFIX)/share/man/man1/torrentctl.1
	.build/release/torrentctl completions bash >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/torrentctl
	.build/release/torrentctl completions zsh >$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_torrentctl
	.build/release/torrentctl completions fish >$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/torrentctl.fish

uninstall:
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/,bin/torrentctl share/man/man1/torrentctl.1 \
	  share/bash-completion/completions/torrentctl share/zsh/site-functions/_torrentctl \
	  share/fish/vendor_completions.d/torrentctl.fish)

# Shares data/ from several seeders, downloads it with several peers at once, compares the bytes.
demo: release
	scripts/demo

# Installs the reference clients where it can, then lint, the release binary and every test.
test:
	scripts/test

lint:
	scripts/lint

format:
	swift format format --in-place --recursive --parallel Package.swift Sources Tests Fuzz

# Side by side with libtorrent, and beside bare sockets; see scripts/bench --help.
bench: release
	scripts/bench
	scripts/bench-sharing

# Many torrents, useless peers, long lines; see scripts/bench-sharing --help.
bench-sharing: release
	scripts/bench-sharing

# GB/s of each way of computing digests.
bench-digest:
	scripts/bench-digest

# The digests for 64-bit ARM, under qemu.
check-arm64:
	scripts/check-arm64

# The libraries' documentation in .build/docs; fails on a dangling link or a declaration without a comment.
docs:
	scripts/docs

# Reading and showing a torrent of 20,000 files beside libtorrent and transmission-show.
bench-metainfo: release
	scripts/bench-metainfo

# create and verify beside mktorrent and transmission-create; see scripts/bench-hash --help.
bench-hash: release
	scripts/bench-hash

fuzz:
	Fuzz/run

# The rooms of the house and who names whose types, drawn from the code: docs/map.svg
map:
	scripts/map

# One small change after the other to a copy of the sources: do tests notice? Slow; see scripts/mutate.
mutate:
	scripts/mutate

# The unit tests under a sanitizer; fails on any report.
tsan:
	scripts/sanitize thread

asan:
	scripts/sanitize address

clean:
	rm -rf .build
