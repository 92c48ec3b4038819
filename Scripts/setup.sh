# Sourced by demo, test and .ci/run: installs what is missing on Debian 12 and finds Swift.
# Nothing is installed, and nothing is asked for, when everything is there.

need_packages=(
  binutils libcurl4 libedit2 libncurses6 libsqlite3-0 libxml2 tzdata ca-certificates
                 # what a Swift toolchain unpacked from its archive needs of the system
  g++            # the C++ standard library that Swift's own compiler builds the CIF shim with
  gemmi-dev      # CIF (header-only)
  tao-pegtl-dev  # the parser that gemmi is built on, which Debian packages apart
  git            # the package manager fetches its two packages with it
  gnuplot-nox    # the figures
  libssl-dev     # SHA-256
  libsymspg-dev  # spglib: the symmetry of crystals
  libxml2-utils  # xmllint: a test holds the report's page against a parser
  pkg-config
  python3        # pip takes the default potential out of its package
  python3-pip
  python3-venv   # ./bench
  zlib1g-dev
)

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_missing_packages() {
  local missing=() package
  for package in "${need_packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
      missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    echo "These packages are missing and neither root nor sudo is at hand; have them installed:" >&2
    echo "  apt-get install ${missing[*]}" >&2
    exit 69
  fi
  echo "Installing: ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    "${missing[@]}" >/dev/null
}

find_swift() {
  command -v swift >/dev/null && return
  echo "No Swift toolchain on the PATH. Interphase needs Swift 6.2 or later:" >&2
  echo "  https://www.swift.org/install/linux/debian/" >&2
  exit 69
}

find_swift
if command -v dpkg-query >/dev/null; then install_missing_packages; else
  echo "Not a Debian system: make sure that these, or their like, are installed:" \
    "${need_packages[*]}" >&2
fi
